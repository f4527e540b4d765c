import { describe, expect, it } from 'vitest'
import { generatedFiles, staleFiles } from './generate.ts'
import { messages } from './messages.ts'
import type { Route } from './route.ts'
import { routes } from './routes.ts'

const openapi = JSON.parse(generatedFiles().get('openapi.json')!)

describe('generated', () => {
  it('is not stale (else: npm run generate)', () => {
    expect(staleFiles()).toEqual([])
  })

  it('has one schema for each message, and each refuses keys that it does not know', () => {
    for (const name of Object.keys(messages)) {
      const schema = JSON.parse(generatedFiles().get(`${name}.schema.json`)!)
      for (const one of schema.oneOf ?? schema.anyOf ?? [schema]) expect(one.additionalProperties, name).toBe(false)
    }
  })

  it('every reference of the OpenAPI document leads somewhere', () => {
    const at = (ref: string) =>
      ref
        .slice(2)
        .split('/')
        .reduce((node, key) => node?.[key], openapi)
    const refs = [...JSON.stringify(openapi).matchAll(/"\$ref":"([^"]+)"/g)].map((m) => m[1]!)
    expect(refs.length).toBeGreaterThan(100)
    expect(refs.filter((ref) => ref.startsWith('#/components') && !at(ref))).toEqual([])
  })

  it.each(Object.entries(routes as Record<string, Route>))('%s: permission, parameters, problems', (name, route) => {
    const operation = openapi.paths[route.path][route.method]
    expect(operation.operationId).toBe(name)
    expect(operation.security.length).toBe(route.needs === 'public' ? 0 : 1)
    const inPath = (operation.parameters ?? []).filter((p: { in: string }) => p.in === 'path')
    expect(inPath.map((p: { name: string }) => `{${p.name}}`)).toEqual(route.path.match(/\{\w+\}/g) ?? [])
    expect(Object.keys(operation.responses)).toContain('500')
    if (route.needs !== 'public') expect(Object.keys(operation.responses)).toContain('401')
  })

  it('a filter of the device list may be given once or often, and limit has its bounds', () => {
    const parameters: { name: string; required: boolean; schema: object }[] = openapi.paths['/devices'].get.parameters
    const one = (name: string) => parameters.find((p) => p.name === name)!
    expect(one('state').required).toBe(false)
    expect(one('state').schema).toHaveProperty('anyOf.1.type', 'array')
    expect(one('limit').schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 50_000, default: 50_000 })
  })

  it('the camera record says which fields a point class must fill', () => {
    const record = JSON.parse(generatedFiles().get('device-record.schema.json')!)
    expect(record.allOf[0].if.properties.pointType.const).toBe('1')
    expect(record.allOf[0].then.required).toContain('installTime')
    expect(record.allOf[1].then.required).toEqual(['longitude', 'latitude'])
  })
})
