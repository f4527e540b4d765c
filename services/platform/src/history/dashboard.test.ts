/** The Grafana dashboard asks only for what is written. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { policyNames } from './influxdb/policies.ts'
import { type Measurement, measurements, shapeOf } from './rows.ts'

type Panel = { title: string; targets: { query: string }[] }
type Variable = { name: string; type: string; query: string }
const dashboard = JSON.parse(
  readFileSync(new URL('../../../../infra/grafana/uptime.json', import.meta.url), 'utf8'),
) as { panels: Panel[]; templating: { list: Variable[] } }

const variables = dashboard.templating.list
const queries = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ query }) => [title, query] as const)),
  ...variables.filter(({ type }) => type === 'query').map(({ name, query }) => [`$${name}`, query] as const),
]

/** What a query names, every name in double quotes as InfluxQL has them. */
function namesIn(query: string) {
  const [, policy = '', measurement = ''] = /FROM "(\w+)"\."(\w+)"/.exec(query) ?? []
  const rest = query.replace(/FROM "\w+"\."\w+"/, '')
  const tags = [...rest.matchAll(/"(\w+)" =~|KEY = "(\w+)"/g)].map(([, a, b]) => a ?? b!)
  const grouped = (/GROUP BY (.*)/.exec(rest)?.[1] ?? '').matchAll(/"(\w+)"/g)
  const all = [...rest.matchAll(/"(\w+)"/g)].map(([, name]) => name!)
  return { policy, measurement, tags: [...tags, ...[...grouped].map(([, name]) => name!)], all }
}

describe('the Grafana dashboard', () => {
  it.each(queries)('%s names what is written, where it is kept: %s', (_, query) => {
    const { policy, measurement, tags, all } = namesIn(query)
    expect(Object.keys(measurements)).toContain(measurement)
    const shape = shapeOf(measurement as Measurement)
    expect(policy).toBe(policyNames[shape.kept])
    expect(shape.tags).toEqual(expect.arrayContaining(tags))
    const fields = all.filter((name) => !tags.includes(name))
    expect(Object.keys(shape.fields)).toEqual(expect.arrayContaining(fields))
    // A name without quotes would slip through all this.
    expect(query.replace(/"\w+"|\$\w+|\$\{\w+\}/g, '')).not.toMatch(/_ms|probes|clocks|district|carrier|measure/)
  })

  it('leaves out the values that stand for none', () => {
    for (const [, query] of queries) {
      if (/p(50|95)_ms/.test(query)) expect(query).toMatch(/"p(50|95)_ms" >= 0/)
      if (query.includes('clock_offset_ms')) expect(query).toContain('"clocks" > 0')
    }
  })

  it('shows every measurement, and uses no variable that it lacks', () => {
    const drawn = dashboard.panels.flatMap(({ targets }) => targets.map(({ query }) => namesIn(query).measurement))
    expect(new Set(drawn)).toEqual(new Set(Object.keys(measurements)))
    const known = ['timeFilter', '__interval', ...variables.map(({ name }) => name)]
    const used = queries.flatMap(([, query]) => [...query.matchAll(/\$(\w+)/g)].map(([, name]) => name!))
    expect(known).toEqual(expect.arrayContaining(used))
  })
})
