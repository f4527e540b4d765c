import { describe, expect, it } from 'vitest'
import { createStatementCache } from './statement-cache.ts'

describe('prepared statements', () => {
  const cacheOf = (limits: { mostCharacters: number; longest: number }) => {
    const prepared: string[] = []
    const cache = createStatementCache((sql) => {
      prepared.push(sql)
      return { sql }
    }, limits)
    return { cache, prepared }
  }

  it('one text is prepared once', () => {
    const { cache, prepared } = cacheOf({ mostCharacters: 100, longest: 50 })
    expect(cache('select 1')).toBe(cache('select 1'))
    expect(prepared).toEqual(['select 1'])
  })

  it('those that were not asked for longest are forgotten, and no more characters kept than may be', () => {
    const { cache, prepared } = cacheOf({ mostCharacters: 6, longest: 4 })
    for (const sql of ['aa', 'bb', 'cc', 'aa', 'dd', 'aa', 'cc', 'bb']) cache(sql)
    expect(prepared).toEqual(['aa', 'bb', 'cc', 'dd', 'bb'])
  })

  it('a long one is prepared each time, and drives no other out', () => {
    const { cache, prepared } = cacheOf({ mostCharacters: 6, longest: 4 })
    for (const sql of ['aa', 'long one', 'long one', 'aa']) cache(sql)
    expect(prepared).toEqual(['aa', 'long one', 'long one'])
  })
})
