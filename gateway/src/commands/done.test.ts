import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createManualClock, silentLog } from '@hub/platform'
import { afterEach, expect, test } from 'vitest'
import { createCommands } from './commands.ts'
import { openDoneStore } from './done.ts'

const folder = mkdtempSync(join(tmpdir(), 'done-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const device = '43040500001340000001'

test('what has a key is done once: in the middle of it, after it, and after a restart; what failed may be tried again', async () => {
  const clock = createManualClock()
  const path = join(folder, 'commands.sqlite')
  const did: string[] = []
  let fails = true
  const open = () => {
    const done = openDoneStore(path)
    const commandsOf = () => ({
      async 'field-command'(_: string, { command = '' }: Readonly<Record<string, string>>, key: string) {
        if (fails) throw new Error('jammed')
        did.push(`${command} ${key}`)
        return { at: did.length }
      },
    })
    const targets = { discover: async () => ({ found: 0 }), addCamera: async () => ({}), commandsOf }
    return { done, ...createCommands({ gateway: '43040500002000000001', clock, log: silentLog, targets, done }) }
  }
  const key = randomUUID()
  const ask = () => ({
    v: 1,
    id: randomUUID(),
    name: 'field-command',
    device,
    args: { command: 'sound' },
    key,
    deadline: clock.now() + 10_000,
  })
  const first = open()
  expect(await first.run(ask())).toMatchObject({ ok: false, error: { message: expect.stringContaining('jammed') } })
  fails = false
  const answers = await Promise.all([first.run(ask()), first.run(ask())])
  first.done.close()
  const second = open()
  answers.push(await second.run(ask()))
  second.done.close()
  expect(did).toEqual([`sound ${key}`])
  expect(answers.map((answer) => answer?.result)).toEqual([{ at: 1 }, { at: 1 }, { at: 1 }])
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
