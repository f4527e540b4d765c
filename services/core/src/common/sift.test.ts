import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sift } from './sift.ts'

const away = new Error('away')
/** A store that answers with an error to every part that holds one of these. */
function storeOf(bad: ReadonlySet<number>) {
  const stored = new Set<number>()
  let asked = 0
  const write = async (part: readonly number[]) => {
    asked++
    if (part.some((item) => bad.has(item))) throw new Error('500')
    for (const item of part) stored.add(item)
  }
  return { write, stored, asked: () => asked }
}
const isAnswer = (err: unknown) => err !== away
const batch = Array.from({ length: 2_000 }, (_, n) => n)

describe('a batch that is not stored', () => {
  it('gives all of it but the points that are to blame, whichever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(1_999), { maxLength: 6 }), async (bad) => {
        const store = storeOf(new Set(bad))
        const { stored, blamed } = await sift(batch, away, { ...store, isAnswer, isCertain: false })
        expect(blamed.map(({ item }) => item).sort((a, b) => a - b)).toEqual(bad.sort((a, b) => a - b))
        expect([stored.length, store.stored.size]).toEqual([2_000 - bad.length, 2_000 - bad.length])
      }),
      { numRuns: 50 },
    )
  })

  it('costs some twenty questions for one point', async () => {
    const store = storeOf(new Set([1_234]))
    await sift(batch, away, { ...store, isAnswer, isCertain: false })
    expect(store.asked()).toBeLessThan(25)
  })

  it('is the fault of the store when eight parts of it are not stored either', async () => {
    const store = storeOf(new Set(batch))
    const why = new Error('why')
    await expect(sift(batch, why, { ...store, isAnswer, isCertain: false })).rejects.toBe(why)
    expect(store.asked()).toBe(14)
  })

  it('whose every point is refused has every point to blame', async () => {
    const store = storeOf(new Set(batch))
    expect((await sift(batch.slice(0, 9), away, { ...store, isAnswer, isCertain: true })).blamed.length).toBe(9)
  })

  it('of one point that may be the fault of the store is not blamed', async () => {
    const store = storeOf(new Set([7]))
    await expect(sift([7], away, { ...store, isAnswer, isCertain: false })).rejects.toBe(away)
    expect((await sift([7], away, { ...store, isAnswer, isCertain: true })).blamed).toEqual([{ item: 7, err: away }])
  })

  it('of which nothing is known when the store goes away is kept whole', async () => {
    const write = async () => {
      throw away
    }
    await expect(sift(batch, new Error('500'), { write, isAnswer, isCertain: true })).rejects.toBe(away)
  })
})
