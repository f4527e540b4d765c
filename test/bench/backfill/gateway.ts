/**
 * The gateway's end, in a process of its own: the spool with the past in it, the uplink, and looks that go on being made at every camera.
 * Tells each second how far it is. A live look's delay is from the look to the centre's acknowledgement of it, which it gives once it is on disk.
 */
import { dirname } from 'node:path'
import type { Observation } from '@hub/contracts'
import { emptyDigest } from '@hub/core'
import { connectBus, createSystemClock, silentLog } from '@hub/platform'
import { openSealer } from '../../../gateway/src/seal/sealer.ts'
import { createSpool } from '../../../gateway/src/spool/spool.ts'
import { machineTime } from '../../../gateway/src/uplink/timekeeper.ts'
import { createUplink } from '../../../gateway/src/uplink/uplink.ts'
import { spoolBytes } from './fill.ts'
import { cameraId, gatewayId, look, phaseOf } from './looks.ts'

export type GatewayOrder = { path: string; url: string; password: string; cameras: number }
export type GatewayReport = { waiting: number; resent: number; delays: number[]; looks: Observation[] }

process.once('message', ({ path, url, password, cameras }: GatewayOrder) => {
  const clock = createSystemClock()
  const spool = createSpool({ path, gateway: gatewayId, clock, log: silentLog, maxBytes: spoolBytes })
  const bus = connectBus({ url, password, clientId: gatewayId, user: gatewayId, log: silentLog })
  let delays: number[] = []
  let looks: Observation[] = []
  let gathered: number[] = []
  const underWay = new Map<number, number[]>()
  spool.onBatch(({ seq }) => {
    underWay.set(seq, gathered)
    gathered = []
  })
  const uplink = createUplink({
    gateway: gatewayId,
    version: 'bench',
    clock,
    time: machineTime,
    random: Math.random,
    log: silentLog,
    bus,
    spool: {
      ...spool,
      acknowledge(epoch, seq) {
        for (const at of underWay.get(seq) ?? []) delays.push(performance.now() - at)
        underWay.delete(seq)
        return spool.acknowledge(epoch, seq)
      },
    },
    sealer: openSealer(dirname(path), gatewayId),
    commands: { run: async () => undefined },
    state: () => ({ assignment: 0, devices: cameras, blind: false }),
    holds: () => ({ digest: emptyDigest }),
    onAssignment: () => {},
  })
  let second = 0
  clock.every(1_000, () => {
    second++
    for (let n = 0; n < cameras; n++) {
      if (phaseOf(n) !== second % 30) continue
      const observation = look(cameraId(n), clock.now(), 'pass')
      looks.push(observation)
      gathered.push(performance.now())
      void spool.add(observation)
    }
    const report: GatewayReport = {
      waiting: spool.stats().batches,
      resent: uplink.stats().resent,
      delays,
      looks,
    }
    process.send?.(report)
    delays = []
    looks = []
  })
  uplink.start()
  // Nothing is left half-done: what is not acknowledged is in the spool.
  process.once('disconnect', () => process.exit(0))
})
