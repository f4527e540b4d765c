/**
 * The console takes types and tables from contracts, never schemas: those are made by zod when a module loads, and the browser needs
 * none of them. So while building, `@hub/contracts` is read once in Node and stands for its plain data alone; asking it for anything
 * else fails the build. `virtual:record-labels` are the names of the camera record's fields, without their schemas.
 */
import * as contracts from '@hub/contracts'
import type { Plugin } from 'vite'

const isPlain = (value: unknown): boolean => {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true
  if (Array.isArray(value)) return value.every(isPlain)
  return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
    ? Object.values(value).every(isPlain)
    : false
}

const data = (): string =>
  Object.entries(contracts)
    .filter(([, value]) => isPlain(value))
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`)
    .join('\n')

function labels(): string {
  const named = contracts.recordFieldNames.map((name) => {
    const { zh, en } = contracts.recordFields[name]
    return [name, { zh, en }]
  })
  return `export const recordLabels = ${JSON.stringify(Object.fromEntries(named))}`
}

/** `virtual:record-labels` alone, for tests: they take the schemas too, to check what they answer. */
export const recordLabels = (): Plugin => virtual('record-labels', { 'virtual:record-labels': labels })

export const contractsData = (): Plugin =>
  virtual('contracts-data', { '@hub/contracts': data, 'virtual:record-labels': labels })

const virtual = (name: string, modules: Readonly<Record<string, () => string>>): Plugin => ({
  name,
  enforce: 'pre',
  // The rules of core keep the real contracts: what they use of it is theirs to say.
  resolveId: (source, importer = '') =>
    source in modules && !importer.includes('/services/') ? `\0data:${source}` : null,
  load: (id) => (id.startsWith('\0data:') ? (modules[id.slice(6)]?.() ?? null) : null),
})
