/** `kill -9` of the room at each instant at which something of it is on disk, and while a notification is on its way. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { answers, createReceiver } from '../../../services/notify/src/testing/receiver.ts'
import { abreast } from '../../support/abreast.ts'
import { startProgram } from '../../support/program.ts'

const child = fileURLToPath(new URL('../../../services/outages/src/testing/crash-child.ts', import.meta.url))
/** The room is away for so long. ms */
const awayMs = 10_000

function run(path: string, url: string, from = 0, diesAfter = 0, story = 'trouble') {
  const args = [path, url, String(from), String(diesAfter), story]
  const running = startProgram(process.execPath, ['--no-warnings', child, ...args])
  const ended = running.ended.then(({ code, signal, stdout, stderr }) => {
    if (stderr) console.error(stderr)
    return { code, signal, commits: stdout.split('\n').slice(0, -1).map(Number) }
  })
  return { ended, kill: () => void running.stop('SIGKILL') }
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hub-crash-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

type Notification = { key: string; kind: string; outages: { what: string; cause: { kind: string } }[] }

/** What the Record and the receiver hold in the end. */
function ending(path: string, got: readonly { body: string }[]) {
  const sqlite = new DatabaseSync(path, { readOnly: true })
  const outages = sqlite
    .prepare(
      `SELECT cause_kind AS kind, status, down, members, (SELECT count(*) FROM outage_member m WHERE m.outage = o.id) AS rows,
         (SELECT count(*) FROM outage_step s WHERE s.outage = o.id AND s.step = 'resolve') AS resolved,
         (SELECT count(*) FROM outage_change c WHERE c.outage = o.id AND c.change LIKE '%"opened"%') AS opened
       FROM outage o WHERE merged_into IS NULL ORDER BY kind`,
    )
    .all()
    .map((row) => ({ ...row }))
  const waiting = sqlite.prepare("SELECT count(*) AS n FROM notification WHERE status <> 'sent'").get()!.n
  sqlite.close()
  const sent = got.map(({ body }) => JSON.parse(body) as Notification)
  const told = [...new Map(sent.map((notification) => [notification.key, notification])).values()]
  const lines = told.flatMap((n) => n.outages.map(({ what, cause }) => `${what} ${cause.kind}`)).sort()
  return { outages, waiting, lines, again: sent.length - told.length }
}

const expected = (over: object = {}) => ({
  outages: [
    { kind: 'gateway', status: 'resolved', down: 0, members: 30, rows: 30, resolved: 1, opened: 1 },
    { kind: 'switch', status: 'resolved', down: 0, members: 10, rows: 10, resolved: 1, opened: 1 },
  ],
  waiting: 0,
  lines: ['opening gateway', 'opening switch', 'resolved gateway', 'resolved switch'],
  again: 0,
  ...over,
})

it('killed after any commit it goes on as if nothing had happened', { timeout: 480_000 }, async () => {
  const folder = scratch()
  await using whole = await createReceiver()
  const calm = await run(join(folder, 'calm.sqlite'), whole.url).ended
  expect(ending(join(folder, 'calm.sqlite'), whole.got)).toEqual(expected())

  await abreast(calm.commits.keys(), async (n) => {
    const path = join(folder, `${n}.sqlite`)
    await using receiver = await createReceiver()
    const died = await run(path, receiver.url, 0, n + 1).ended
    expect(died.signal).toBe('SIGKILL')
    expect((await run(path, receiver.url, died.commits.at(-1)! + awayMs).ended).code).toBe(0)
    expect({ n, ...ending(path, receiver.got) }).toEqual({ n, ...expected() })
  })
})

it('killed after any commit from the end of an exemption until it was told, it is written once and told once', {
  timeout: 480_000,
}, async () => {
  const folder = scratch()
  const held = {
    outages: [{ kind: 'switch', status: 'resolved', down: 0, members: 10, rows: 10, resolved: 1, opened: 1 }],
    waiting: 0,
    lines: ['opening switch', 'resolved switch'],
    again: 0,
  }
  const ends = (path: string) => {
    const sqlite = new DatabaseSync(path, { readOnly: true })
    const lines = sqlite.prepare(`SELECT change FROM outage_change WHERE change LIKE '%expected"%'`).all()
    sqlite.close()
    return lines.map(({ change }) => (JSON.parse(String(change)) as { change: string }).change)
  }
  await using whole = await createReceiver()
  const path = join(folder, 'calm.sqlite')
  const calm = await run(path, whole.url, 0, 0, 'planned').ended
  expect({ ...ending(path, whole.got), ends: ends(path) }).toEqual({ ...held, ends: ['unexpected'] })

  // The exemption ends after 100 s, the hold after 160 s.
  await abreast(calm.commits.entries(), async ([n, at]) => {
    if (at < calm.commits[0]! + 90_000 || at > calm.commits[0]! + 165_000) return
    const path = join(folder, `${n}.sqlite`)
    await using receiver = await createReceiver()
    const died = await run(path, receiver.url, 0, n + 1, 'planned').ended
    expect(died.signal).toBe('SIGKILL')
    expect((await run(path, receiver.url, died.commits.at(-1)! + awayMs, 0, 'planned').ended).code).toBe(0)
    expect({ n, ...ending(path, receiver.got), ends: ends(path) }).toEqual({ n, ...held, ends: ['unexpected'] })
  })
})

it('killed after any commit while a person splits an outage, it is split once, and nobody is told again', {
  timeout: 480_000,
}, async () => {
  const folder = scratch()
  const one = { status: 'resolved', down: 0, resolved: 1 }
  const split = {
    outages: [
      { ...one, kind: 'moment', members: 4, rows: 4, opened: 1 },
      { ...one, kind: 'switch', members: 6, rows: 6, opened: 1 },
    ],
    waiting: 0,
    // That the part is over is a line of the next digest.
    lines: ['opening switch', 'resolved switch'],
    again: 0,
    said: ['done split', 'line of moment', 'line of switch'],
  }
  const said = (path: string) => {
    const sqlite = new DatabaseSync(path, { readOnly: true })
    const rows = sqlite
      .prepare(
        `SELECT effect || ' ' || act AS said FROM outage_judgement UNION ALL
         SELECT 'line of ' || cause_kind FROM outage_step s JOIN outage o ON o.id = s.outage WHERE s.step = 'split' ORDER BY said`,
      )
      .all()
    sqlite.close()
    return rows.map(({ said }) => said)
  }
  await using whole = await createReceiver()
  const path = join(folder, 'calm.sqlite')
  const calm = await run(path, whole.url, 0, 0, 'judged').ended
  expect({ ...ending(path, whole.got), said: said(path) }).toEqual(split)

  await abreast(calm.commits.entries(), async ([n, at]) => {
    if (at < calm.commits[0]! + 90_000 || at > calm.commits[0]! + 115_000) return
    const path = join(folder, `${n}.sqlite`)
    await using receiver = await createReceiver()
    const died = await run(path, receiver.url, 0, n + 1, 'judged').ended
    expect(died.signal).toBe('SIGKILL')
    expect((await run(path, receiver.url, died.commits.at(-1)! + awayMs, 0, 'judged').ended).code).toBe(0)
    expect({ n, ...ending(path, receiver.got), said: said(path) }).toEqual({ n, ...split })
  })
})

it('killed while a notification is on its way it sends that one again under the same key, and no other', {
  timeout: 60_000,
}, async () => {
  const folder = scratch()
  const path = join(folder, 'sending.sqlite')
  await using receiver = await createReceiver()
  const first = run(path, receiver.url)
  // It has arrived; that it has, the room does not live to read.
  receiver.answer(() => first.kill())
  const died = await first.ended
  expect(died.signal).toBe('SIGKILL')
  receiver.answer(answers(200))
  expect((await run(path, receiver.url, died.commits.at(-1)! + awayMs).ended).code).toBe(0)
  expect(ending(path, receiver.got)).toEqual(expected({ again: 1 }))
})
