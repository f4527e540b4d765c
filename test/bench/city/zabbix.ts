/**
 * The usual way to watch a city: a Zabbix server of the distribution with PostgreSQL. Each device is an item of type trapper with a trigger
 * that fires after three failing values, fed by the sender's protocol at the rate at which our gateways observe. What finds and probes
 * cameras is left out: it is the centre alone that is compared.
 */
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { until } from '../../e2e/support/until.ts'
import { commandPath } from '../../support/machine.ts'
import { freePorts } from '../../support/ports.ts'
import { cpuOf, rounded } from '../field/proc.ts'

export type ZabbixFigures = {
  values_per_s: number | null
  cpu_us_per_value: number | null
  cpu_core_pct: number | null
  /** Of the server and of PostgreSQL, shared pages counted once (proc(5) smaps: Pss). */
  memory_mb: number | null
  server_cpu_us_per_value: number | null
  postgres_cpu_us_per_value: number | null
}

const schemaFolder = '/usr/share/zabbix-server-pgsql'
/** Of one connection, as one gateway of several sends. */
const parts = 4

const packages = ['zabbix-server-pgsql', 'postgresql']

/** Installs the distribution's server where root may; what it cannot is told by `whyNoZabbix`. */
export function installZabbix(say: (text: string) => void): void {
  if (commandPath('zabbix_server') || process.getuid?.() !== 0 || !commandPath('apt-get')) return
  say(`installing ${packages.join(' and ')} by apt-get, to compare with`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, stdio: 'ignore' })
  } catch (error) {
    say((error as Error).message)
  }
}

/** Why there is no comparison; undefined when it can be had. */
export function whyNoZabbix(): string | undefined {
  if (!commandPath('zabbix_server'))
    return 'there is no zabbix_server on PATH (apt-get install zabbix-server-pgsql postgresql)'
  if (postgresBin() === undefined) return 'there is no PostgreSQL server below /usr/lib/postgresql'
  if (process.getuid?.() !== 0) return 'PostgreSQL must run as its own user, which only root can start'
  return undefined
}

function postgresBin(): string | undefined {
  try {
    const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(a) - Number(b))
    return versions.length > 0 ? `/usr/lib/postgresql/${versions.at(-1)}/bin` : undefined
  } catch {
    return undefined
  }
}

export async function runZabbix(devices: number, everySeconds: number, seconds: number): Promise<ZabbixFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-zabbix-'))
  chmodSync(folder, 0o755)
  const bin = postgresBin()!
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres']))) as [number, number]
  const [pgPort, zabbixPort] = (await freePorts(2)) as [number, number]
  const data = join(folder, 'pg')
  mkdirSync(data, { mode: 0o700 })
  chownSync(data, uid, gid)
  const asPostgres = { uid, gid, cwd: data, stdio: 'pipe' } as const
  execFileSync(`${bin}/initdb`, ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C'], asPostgres)
  const postgres = spawn(
    `${bin}/postgres`,
    ['-D', data, '-p', `${pgPort}`, '-k', data, '-c', 'listen_addresses=127.0.0.1'],
    {
      ...asPostgres,
      stdio: 'ignore',
    },
  )
  const psql = (database: string, sql: string) =>
    execFileSync(
      `${bin}/psql`,
      ['-h', '127.0.0.1', '-p', `${pgPort}`, '-U', 'postgres', '-d', database, '-qAt', '-v', 'ON_ERROR_STOP=1'],
      {
        input: sql,
        stdio: 'pipe',
        maxBuffer: 1e9,
      },
    ).toString()
  let zabbix: ReturnType<typeof spawn> | undefined
  const end = async () => {
    for (const child of [zabbix, postgres]) {
      if (!child || child.exitCode !== null) continue
      child.kill('SIGTERM')
      await until(() => child.exitCode !== null || child.signalCode !== null, 60, 'it ends')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  const leave = () => {
    zabbix?.kill('SIGKILL')
    postgres.kill('SIGKILL')
  }
  process.on('exit', leave)
  try {
    await until(() => psql('postgres', 'SELECT 1') !== '', 60, 'PostgreSQL answers')
    psql('postgres', 'CREATE DATABASE zabbix')
    for (const file of ['schema', 'images', 'data'])
      psql('zabbix', gunzipSync(readFileSync(join(schemaFolder, `${file}.sql.gz`))).toString())
    psql('zabbix', itemsOf(devices))
    const config = join(folder, 'zabbix_server.conf')
    const log = join(folder, 'zabbix.log')
    writeFileSync(config, configuration({ folder, log, pgPort, zabbixPort }))
    zabbix = spawn(commandPath('zabbix_server')!, ['-f', '-c', config], { stdio: 'ignore' })
    await until(() => readFileSync(log, 'utf8').includes('[trapper #1]'), 60, 'Zabbix has started')
    await sleep(3_000)

    const server = zabbix.pid!
    const database = postgres.pid!
    await feed(zabbixPort, devices, everySeconds, everySeconds)
    const before = { stored: stored(psql), server: treeCpu(server), database: treeCpu(database), at: performance.now() }
    const sent = await feed(zabbixPort, devices, everySeconds, seconds)
    // What is in its history cache is part of the work.
    await until(() => stored(psql) - before.stored >= sent, 60, `${sent} values are in the history`, 500)
    const took = (performance.now() - before.at) / 1_000
    const ofServer = treeCpu(server) - before.server
    const ofDatabase = treeCpu(database) - before.database
    return {
      values_per_s: rounded(sent / took),
      cpu_us_per_value: rounded((ofServer + ofDatabase) / sent),
      cpu_core_pct: rounded((ofServer + ofDatabase) / took / 10_000),
      memory_mb: rounded(treeMemory(server) + treeMemory(database), 0),
      server_cpu_us_per_value: rounded(ofServer / sent),
      postgres_cpu_us_per_value: rounded(ofDatabase / sent),
    }
  } finally {
    await end()
    process.off('exit', leave)
  }
}

const stored = (psql: (database: string, sql: string) => string) =>
  Number(psql('zabbix', 'SELECT count(*) FROM history_uint'))

/** A hundred items to a host. Triggers and functions have the items' numbers. */
const itemsOf = (devices: number) => `
  INSERT INTO hosts (hostid, host, name, name_upper) SELECT 1000000 + n, 'g' || n, 'g' || n, 'G' || n FROM generate_series(0, ${Math.ceil(devices / 100)}) n;
  INSERT INTO items (itemid, type, hostid, name, key_, value_type)
    SELECT 1000000 + n, 2, 1000000 + n / 100, 'd' || n, 'd' || n, 3 FROM generate_series(0, ${devices - 1}) n;
  INSERT INTO item_rtdata (itemid) SELECT 1000000 + n FROM generate_series(0, ${devices - 1}) n;
  INSERT INTO triggers (triggerid, expression, description) SELECT 1000000 + n, '{' || (1000000 + n) || '}=0', 'd' || n FROM generate_series(0, ${devices - 1}) n;
  INSERT INTO functions (functionid, itemid, triggerid, name, parameter)
    SELECT 1000000 + n, 1000000 + n, 1000000 + n, 'max', '$,#3' FROM generate_series(0, ${devices - 1}) n;`

const configuration = (at: { folder: string; log: string; pgPort: number; zabbixPort: number }) => `
AllowRoot=1
ListenIP=127.0.0.1
ListenPort=${at.zabbixPort}
LogFile=${at.log}
PidFile=${at.folder}/zabbix.pid
SocketDir=${at.folder}
DBHost=127.0.0.1
DBPort=${at.pgPort}
DBName=zabbix
DBUser=postgres
CacheSize=128M
HistoryCacheSize=32M
ValueCacheSize=64M
StartPollers=1
StartPollersUnreachable=1
StartPingers=0
StartDiscoverers=0
StartHTTPPollers=0
FpingLocation=/bin/true
`

/** Each device once a period, each second its share; returns how many values were taken. */
async function feed(port: number, devices: number, everySeconds: number, seconds: number): Promise<number> {
  let sent = 0
  const began = performance.now()
  for (let second = 0; second < seconds; second++) {
    const clock = Math.floor(Date.now() / 1_000)
    const due: object[] = []
    for (let n = second % everySeconds; n < devices; n += everySeconds)
      due.push({ host: `g${Math.floor(n / 100)}`, key: `d${n}`, value: '1', clock })
    const each = Math.ceil(due.length / parts)
    const taken = await Promise.all(
      Array.from({ length: parts }, (_, part) => send(port, due.slice(part * each, (part + 1) * each))),
    )
    sent += taken.reduce((sum, one) => sum + one, 0)
    await sleep(Math.max(0, began + (second + 1) * 1_000 - performance.now()))
  }
  return sent
}

/** One message of the sender's protocol. @throws when a value was refused */
function send(port: number, values: readonly object[]): Promise<number> {
  if (values.length === 0) return Promise.resolve(0)
  const body = Buffer.from(JSON.stringify({ request: 'sender data', data: values }))
  const head = Buffer.alloc(13)
  head.write('ZBXD\x01', 'latin1')
  head.writeUInt32LE(body.length, 5)
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.concat([head, body])))
    let answer = ''
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1')
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const failed = /failed: (\d+)/.exec(answer)?.[1]
      if (failed === '0') resolve(values.length)
      else reject(new Error(`Zabbix refused values: ${answer.slice(13, 300)}`))
    })
  })
}

/** A process and all below it. */
function tree(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
  return [pid, ...children.flatMap(tree)]
}
const treeCpu = (pid: number) => tree(pid).reduce((sum, one) => sum + cpuOf(one), 0)

/** MB of 1,000,000 bytes; each shared page counts in parts. */
function treeMemory(pid: number): number {
  const kilobytes = tree(pid).map((one) =>
    Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1]),
  )
  return (kilobytes.reduce((sum, one) => sum + one, 0) * 1_024) / 1_000_000
}
