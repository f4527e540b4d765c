import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DistrictCode, districtCodes } from './common/geo.ts'
import { type MessageName, messages, topicTable } from './messages.ts'
import { parseTopic, topic, topicFilter } from './topics.ts'

const names = Object.keys(topicTable) as MessageName[]
const code = fc.stringMatching(/^\d{20}$/)
const params = fc.record({ gateway: code, device: code, district: fc.constantFrom<DistrictCode>(...districtCodes) })

describe('the topic table', () => {
  it('what is built is parsed back, and the filter covers it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), params, (name, all) => {
        const built = topic(name, all)
        const parsed = parseTopic(built)!
        expect(parsed.name).toBe(name)
        expect(topic(name, parsed.params)).toBe(built)
        const filter = topicFilter(name).split('/')
        expect(built.split('/').every((level, i) => filter[i] === '+' || filter[i] === level)).toBe(true)
      }),
    )
  })

  it('no level can smuggle in another', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('/', '+', '#', '\0'), fc.string(), (a, bad, b) => {
        expect(() => topic('acks', { gateway: a + bad + b })).toThrow(TypeError)
      }),
    )
    expect(() => topic('acks', {})).toThrow('topic acks: gateway is undefined')
  })

  it('a text that is no topic of the table has no name', () => {
    for (const text of [
      '',
      '#',
      '$SYS/broker',
      'hub/v1/gateways/+/acks',
      'hub/v1/gateways/1/acks/2',
      'field/v1/x/status',
    ])
      expect(parseTopic(text)).toBeUndefined()
  })

  it('each topic has a payload schema', () => {
    expect(Object.keys(messages).sort()).toEqual([...names].sort())
  })
})
