/** The hub as it runs in production, in a process of its own, asked over HTTP as the console asks it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { apiBase } from '@hub/contracts'
import type { Strain } from './watch.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const password = 'bench-Pa55word!'

export type Hub = Awaited<ReturnType<typeof startHub>>

/** Nobody reports: what ingest costs is another benchmark's figure. */
export async function startHub(folder: string, port: number, nodeFlags: readonly string[] = []) {
  const config = {
    data: folder,
    http: { port },
    bus: { mode: 'embedded', port: 0 },
    adminPassword: password,
    log: { level: 'error' },
  }
  // JSON is YAML.
  writeFileSync(join(folder, 'hub.yaml'), JSON.stringify(config))
  const child = fork(
    file('../../../services/hub/src/main.ts'),
    ['--config', join(folder, 'hub.yaml'), '--modules=reports,api'],
    { execArgv: [...nodeFlags, '--import', file('./watch.ts')], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  const base = `http://127.0.0.1:${port}${apiBase}`
  const cookie = await login(base, child)
  const send = async (path: string, init: RequestInit = {}) => {
    const res = await fetch(base + path, { ...init, headers: { cookie, ...init.headers } })
    if (res.status >= 400) throw new Error(`${path}: ${res.status} ${await res.text()}`)
    return res
  }
  return {
    /** The whole answer. */
    get: async (path: string): Promise<string> => (await send(path)).text(),
    bytes: async (path: string): Promise<Buffer> => Buffer.from(await (await send(path)).arrayBuffer()),
    post: async (path: string, type: string, body: string | Buffer): Promise<string> =>
      (await send(path, { method: 'POST', body: body as string, headers: { 'content-type': type } })).text(),
    /** Of the main thread, since it was last asked for. */
    async strain(): Promise<Strain> {
      child.send('strain')
      const [strain] = (await once(child, 'message')) as [Strain]
      return strain
    },
    async stop(): Promise<void> {
      child.kill()
      await once(child, 'exit')
    },
  }
}

async function login(base: string, child: ChildProcess): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error('the hub did not start')
    const res = await fetch(`${base}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'admin', password }),
    }).catch(() => undefined)
    if (res?.status === 200) return res.headers.getSetCookie()[0]!.split(';')[0]!
    await res?.text()
    await sleep(200)
  }
  throw new Error('the hub does not answer')
}
