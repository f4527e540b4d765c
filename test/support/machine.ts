/** What this machine has of the things that a suite or a benchmark may need, by the table of `infra/setup/programs.json`. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

type Program = {
  packages: string[]
  /** All of them, on PATH or by their path. */
  commands?: string[]
  /** One of these paths. */
  anyOf?: string[]
  /** All of them, below /usr/lib. */
  libraries?: string[]
  /** Why CI may do without it. */
  optional?: string
}
const programs: Record<string, Program> = JSON.parse(readFileSync(join(root, 'infra/setup/programs.json'), 'utf8'))

/** A program of `infra/setup/programs.json`, or something that a machine has or has not. */
export type Need =
  | 'chromium'
  | 'influxd'
  | 'mosquitto'
  | 'mosquitto-clients'
  | 'ffmpeg'
  | 'onvif-util'
  | 'poppler'
  | 'xmllint'
  | 'python'
  | 'gst-rtsp-server'
  | 'victoria-metrics'
  | 'console'
  | 'small disk'
  | 'network namespace'

/** Debian keeps servers such as mosquitto where only root's PATH looks. */
export const searchPath = `${process.env.PATH}:/usr/sbin`

/** Where a command is; undefined when it is nowhere. */
export function commandPath(name: string): string | undefined {
  const paths = isAbsolute(name) ? [name] : searchPath.split(':').map((folder) => join(folder, name))
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

export type Lack = { what: string; optional?: string | undefined }

/** What is missing for these needs; empty when all is there. */
export function lacking(needs: readonly Need[]): Lack[] {
  return needs.flatMap((need) => {
    if (need === 'console')
      return existsSync(join(root, 'console/dist/index.html'))
        ? []
        : [{ what: 'the console is not built (npm run build -w console)' }]
    // The kernel refuses them in an unprivileged container, and no package brings them: CI may run in one. What a full disk does to
    // the spool and to InfluxDB is tested with quotas as well, and discovery with unicast and with other clients.
    if (need === 'small disk')
      return canMount() ? [] : [{ what: 'mounting a tmpfs is not allowed', optional: 'kernel' }]
    if (need === 'network namespace')
      return spawnSync('unshare', ['-n', 'true']).status === 0
        ? []
        : [{ what: 'unshare -n is not allowed', optional: 'kernel' }]
    const program = programs[need]!
    if (isThere(program)) return []
    return [{ what: `no ${need} (apt-get install ${program.packages.join(' ')})`, optional: program.optional }]
  })
}

const triples = ['', 'x86_64-linux-gnu/', 'aarch64-linux-gnu/']
const isThere = ({ commands = [], anyOf = [], libraries = [] }: Program): boolean =>
  commands.every((name) => commandPath(name) !== undefined) &&
  (anyOf.length === 0 || anyOf.some((path) => existsSync(path))) &&
  libraries.every((file) => triples.some((triple) => existsSync(`/usr/lib/${triple}${file}`)))

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mount-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0
  if (mounted) spawnSync('umount', ['-l', folder])
  rmSync(folder, { recursive: true })
  return mounted
}

/** What becomes of a suite that lacks something. @param ci whether somebody reads only whether it is green */
export function verdict(lacks: readonly Lack[], ci: boolean): 'run' | 'skip' | 'fail' {
  if (lacks.length === 0) return 'run'
  return ci && lacks.some(({ optional }) => optional === undefined) ? 'fail' : 'skip'
}
