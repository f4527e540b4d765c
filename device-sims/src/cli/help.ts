/** What `--help` prints. */
export const help = `衡阳外场设备模拟器 · Simulated field devices of Hengyang

用法 · Usage: node device-sims/src/main.ts <command> [options]

fleet   生成机队与一机一档 · write a seeded fleet: fleet.json and record.csv
        --out DIR [--seed 7] [--cameras 600] [--sensors 120] [--net 10]
        [--quirks 10]  (百分之十的相机带厂商怪癖 · ten cameras in a hundred have a vendor quirk)
serve   运行机队 · run a fleet until Ctrl-C
        --fleet FILE | --scenario FILE [--speed 1]
        [--secrets FILE] [--field mqtt://127.0.0.1:1885=430405,430406 …]
        [--control 127.0.0.1:8090] [--period 10s] [--truth FILE] [--no-multicast]
        [--http-port 8000] [--https-port 8443] [--rtsp-port 8554] [--discovery-port 3702]
scenario  排练场景 · print the ground truth of a scenario file, the same bytes for the same file
        --file FILE [--log FILE]
        播放 · play it:  serve --scenario FILE [--speed 1]
fault   注入故障 · begin a fault at a running fleet
        power-off | network-cut | clock | password | slow | frozen | babbling | malformed
        [--id CODE] [--kind camera|sensor] [--district CODE] [--carrier telecom|mobile|unicom|cable]
        [--pole P] [--switch S] [--power B]  (都不给则为全部 · none: every device)
        [--for 90s] [--value SECONDS|PASSWORD|MS|drip|TIMES] [--control 127.0.0.1:8090]
        fault list · 列出当前故障      fault clear [FAULT] [match] · 解除故障
        重启 · reboot: fault power-off --for 8s
event   令相机发出事件 · make cameras notice something
        motion | tamper | video-loss | digital-input   [--off]  (结束 · it ends)
        [--id CODE] [--district CODE] … [--control 127.0.0.1:8090]
log     打印真值日志 · print the ground truth as JSON lines
        [--control 127.0.0.1:8090]

例 · Examples
  node device-sims/src/main.ts fleet --seed 7 --cameras 600 --sensors 120 --out data/fleet
  node device-sims/src/main.ts serve --fleet data/fleet/fleet.json --control 127.0.0.1:8090
  node device-sims/src/main.ts fault power-off --district 430405 --for 2m
`
