/** What the centre and a gateway write as programs, under the mask that most machines have: nobody else may read it. */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sha256 } from '@hub/platform'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../support/ports.ts'
import { startProgram } from '../support/program.ts'

const root = resolve(import.meta.dirname, '../..')
const gateway = '43040500002000000001'

/** All that lies in a folder, itself among it: what is no folder's 0700 or file's 0600. */
const open = (folder: string): string[] => {
  const paths = [
    folder,
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ]
  return paths.flatMap((path) => {
    const stat = lstatSync(path)
    return stat.mode & 0o077 ? [`${path} ${(stat.mode & 0o777).toString(8)}`] : []
  })
}

/** A data folder as an earlier release, or a person, has left it. */
function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'private-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  mkdirSync(data)
  chmodSync(data, 0o755)
  writeFileSync(join(data, 'left.log'), 'x')
  chmodSync(join(data, 'left.log'), 0o644)
  return data
}

const run = async (program: string, config: { data: string }, isReady: (names: string[]) => boolean) => {
  const file = join(config.data, '..', 'config.json')
  writeFileSync(file, JSON.stringify(config))
  const umask = ['-c', 'umask 022; exec "$0" "$@"', process.execPath, join(root, program, 'src/main.ts')]
  const running = startProgram('sh', [...umask, '--config', file])
  onTestFinished(() => running.stop().then(() => {}))
  await running.untilReady(async () => isReady(readdirSync(config.data)))
  return running
}

it('the data folder of the centre is 0700 and its files 0600, the write-ahead log of the Record among them', async () => {
  const data = dataFolder()
  const [http, bus] = [await freePort(), await freePort()]
  const config = {
    data,
    http: { port: http },
    bus: { mode: 'embedded', port: bus },
    adminPassword: 'a password for tests',
    gateways: [{ id: gateway, name: 'one', districts: ['430405'], passwordHash: sha256('secret') }],
  }
  await run('services/hub', config, (names) => names.includes('record.db-wal') && names.includes('record.db-shm'))
  expect((lstatSync(data).mode & 0o777).toString(8)).toBe('700')
  expect(open(data)).toEqual([])
})

it('and so is that of a gateway, its spool and the log of it among them', async () => {
  const data = dataFolder()
  const config = {
    id: gateway,
    data,
    field: { port: 0 },
    uplink: { url: `mqtt://127.0.0.1:${await freePort()}`, password: 'secret' },
    discovery: { interfaces: ['127.0.0.1'], multicast: false },
  }
  await run('gateway', config, (names) =>
    ['spool.sqlite', 'spool.sqlite-wal', 'logins.sqlite', 'assignment.sqlite'].every((name) => names.includes(name)),
  )
  expect((lstatSync(data).mode & 0o777).toString(8)).toBe('700')
  expect(open(data)).toEqual([])
})
