/** System programs that tests talk to: nobody here wrote them. Installed with apt when root on Debian or Ubuntu. */
import { existsSync } from 'node:fs'
import { onPath, runQuietly, say } from './lib.mjs'

/** How to see that it is there → the Debian package. */
const programs = [
  { has: () => onPath('chromium') || onPath('chromium-browser'), package: 'chromium' },
  { has: () => onPath('influxd'), package: 'influxdb' },
  { has: () => onPath('mosquitto'), package: 'mosquitto' },
  { has: () => onPath('mosquitto_pub'), package: 'mosquitto-clients' },
  { has: () => onPath('ffmpeg') && onPath('ffprobe'), package: 'ffmpeg' },
  { has: () => onPath('onvif-util'), package: 'onvif-tools' },
  { has: () => onPath('prometheus-blackbox-exporter'), package: 'prometheus-blackbox-exporter' },
  { has: () => onPath('pdftotext') && onPath('pdftoppm'), package: 'poppler-utils' },
  {
    has: () => existsSync('/usr/bin/python3') && existsSync('/usr/lib/python3/dist-packages/gi'),
    package: 'python3-gi',
  },
  { has: () => anyOf('/usr/lib', 'girepository-1.0/GstRtspServer-1.0.typelib'), package: 'gir1.2-gst-rtsp-server-1.0' },
  { has: () => anyOf('/usr/lib', 'gstreamer-1.0/libgstvideotestsrc.so'), package: 'gstreamer1.0-plugins-base' },
  { has: () => anyOf('/usr/lib', 'gstreamer-1.0/libgstx264.so'), package: 'gstreamer1.0-plugins-ugly' },
  { has: () => anyOf('/usr/lib', 'gstreamer-1.0/libgstrtp.so'), package: 'gstreamer1.0-plugins-good' },
  { has: () => anyOf('/usr/lib', 'gstreamer-1.0/libgstvideoparsersbad.so'), package: 'gstreamer1.0-plugins-bad' },
]

/** Not every distribution has them: each is installed by itself, so that the others do not fail with it. */
const optional = [{ has: () => onPath('victoria-metrics'), package: 'victoria-metrics' }]

function anyOf(base, file) {
  return ['', 'x86_64-linux-gnu', 'aarch64-linux-gnu'].some((triple) => existsSync(`${base}/${triple}/${file}`))
}

/** Installs what is missing; what cannot be installed is named, and the tests that need it skip with that reason. */
export async function installPrograms() {
  const missing = [programs, ...optional.map((program) => [program])]
    .map((group) => group.filter((program) => !program.has()).map((program) => program.package))
    .filter((group) => group.length > 0)
  if (missing.length === 0) return
  const commands = missing.map((group) => `apt-get install -y --no-install-recommends ${group.join(' ')}`)
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    const asked = commands.map((command) => `sudo ${command}`).join('; ')
    say(`缺少测试程序 missing programs, tests that need them will skip. To install: ${asked}`)
    return
  }
  say(`安装测试程序 installing ${missing.flat().join(' ')}`)
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  await runQuietly('apt-get', ['update', '-qq'], options)
  for (const [n, command] of commands.entries()) {
    const { code, output } = await runQuietly('sh', ['-c', command], options)
    if (code !== 0)
      say(
        `${missing[n].join(' ')}: apt-get failed; tests that need these programs will skip:\n${output.split('\n').slice(-8).join('\n')}`,
      )
  }
}
