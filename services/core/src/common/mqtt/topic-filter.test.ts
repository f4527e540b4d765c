import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { covers, matches } from './topic-filter.ts'

describe('a filter matches', () => {
  it.each([
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/tennis/#', 'sport/tennis', true],
    ['sport/tennis/#', 'sport/tennis/a/b', true],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['+', '/finance', false],
    ['#', 'a/b', true],
    ['#', '$SYS/x', false],
    ['+/x', '$SYS/x', false],
    ['$SYS/#', '$SYS/x', true],
    ['sport', 'Sport', false],
  ])('%s on %s: %s', (filter, topic, expected) => expect(matches(filter, topic)).toBe(expected))
})

describe('a filter covers', () => {
  it.each([
    ['hub/v1/gateways/1/#', 'hub/v1/gateways/1/acks', true],
    ['hub/v1/gateways/1/#', 'hub/v1/gateways/1', true],
    ['hub/v1/gateways/1/#', 'hub/v1/gateways/+/acks', false],
    ['hub/v1/gateways/1/#', 'hub/v1/gateways/12/acks', false],
    ['hub/v1/gateways/1/#', 'hub/v1/#', false],
    ['hub/v1/gateways/1/#', '#', false],
    ['hub/v1/gateways/1/#', '+/v1/gateways/1/acks', false],
    ['hub/v1/gateways/1/#', '$share/g/hub/v1/gateways/1/acks', true],
    ['hub/v1/gateways/1/#', '$share/g/#', false],
    ['#', '$SYS/#', false],
    ['#', '+/#', true],
    ['+/#', '#', true],
    ['+', '$SYS', false],
    ['a/+', 'a/#', false],
    ['a/+/#', 'a/#', false],
  ])('%s covers %s: %s', (allowed, requested, expected) => expect(covers(allowed, requested)).toBe(expected))

  /** Every topic of up to four levels over an alphabet with a level (`z`) that no filter names: a witness for each wildcard. */
  const topics = (function grow(depth: number): string[] {
    if (depth === 0) return []
    const shorter = grow(depth - 1)
    return ['a', 'b', '', '$s', 'z'].flatMap((level) => [level, ...shorter.map((rest) => `${level}/${rest}`)])
  })(4)

  /** MQTT 3.1.1 §4.7 said another way: the filter as a regular expression. */
  const reference = (filter: string): RegExp => {
    const body = filter
      .split('/')
      .map((level) => (level === '+' ? '[^/]*' : level === '#' ? '.*' : level.replace('$', '\\$')))
      .join('/')
      .replace(/\/\.\*$/, '(/.*)?')
    return new RegExp(`^${/^[+#]/.test(filter) ? '(?!\\$)' : ''}${body}$`)
  }
  const level = fc.constantFrom('a', 'b', '', '$s', '+')
  const filters = fc
    .tuple(fc.array(level, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([levels, rest]) => (rest ? [...levels.slice(0, 2), '#'] : levels).join('/'))

  const any = fc.oneof(filters, fc.constantFrom('#', '+/#', '+'))

  it('what a reference matcher says it covers', () =>
    fc.assert(
      fc.property(any, any, (allowed, requested) => {
        const [a, r] = [reference(allowed), reference(requested)]
        expect(covers(allowed, requested)).toBe(topics.every((topic) => !r.test(topic) || a.test(topic)))
      }),
      { numRuns: 2_000 },
    ))

  it('and matches what the reference matches', () =>
    fc.assert(
      fc.property(any, fc.constantFrom(...topics), (filter, topic) => {
        expect(matches(filter, topic)).toBe(reference(filter).test(topic))
      }),
      { numRuns: 5_000 },
    ))
})
