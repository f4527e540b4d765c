/** A data folder written by an earlier program is opened by this one: nothing of it is lost, and every figure is what it was. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../golden/answers.ts'
import { readGolden, unpack } from '../golden/folder.ts'
import { type OpenHub, openHub } from '../golden/open-hub.ts'
import { questions } from '../golden/questions.ts'
import { sleep } from './support/until.ts'

const golden = readGolden()
const asked = questions(golden.now, golden.ids)

/** Values that have another name since; CHANGELOG.md lists them. */
const renamed = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer, (key, value) => (key === 'change' && value === 'healed' ? 'resolved' : value)) ?? 'null',
  )

describe('the golden data folder', () => {
  let data: string
  let hub: OpenHub
  // The checks of monitored systems at a start would be counted.
  const open = () => openHub(data, golden.now, ['monitored'])

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'golden-'))
    unpack(data)
    hub = await open()
  })
  afterAll(async () => {
    await hub?.stop()
    rmSync(data, { recursive: true, force: true })
  })

  it('keeps every row that no route answers', () => {
    expect(hub.kept()).toEqual(golden.kept)
  })

  it('has an answer kept for each question, and a question for each answer', () => {
    expect(asked.map(({ name }) => name).sort()).toEqual(Object.keys(golden.answers).sort())
  })

  describe('answers as it did', () => {
    let answers: { [name: string]: unknown }
    beforeAll(async () => {
      answers = await ask(hub.address, asked)
    })
    it.each(asked)('$name', ({ name, still = (answer) => answer }) => {
      expect(answers[name]).toEqual(still(renamed(golden.answers[name])))
    })
  })

  it('has the same figures once the rollup has taken in what it had not', async () => {
    expect(hub.unrolled()).toBeGreaterThan(0)
    // Less than the grace of the start: nothing goes stale.
    for (let n = 0; n < 20 && hub.unrolled() !== 0; n++) {
      await hub.clock.advanceAsync(2_000)
      await sleep(50)
    }
    expect(hub.unrolled()).toBe(0)
    const past = asked.filter(({ name }) => /^(uptime|series) of (an odd|October|days)|^effect/.test(name))
    const timeless = (answers: { [name: string]: unknown }) =>
      Object.fromEntries(past.map(({ name }) => [name, { ...(answers[name] as object), asOf: 0 }]))
    expect(timeless(await ask(hub.address, past))).toEqual(timeless(golden.answers))
  })

  it('is the same when it is closed and opened again', async () => {
    // The logins of this run are linked at its end.
    const kept = () => ({ ...hub.kept(), auditLinks: [] })
    const before = kept()
    await hub.stop()
    hub = await open()
    expect(kept()).toEqual(before)
  })
})
