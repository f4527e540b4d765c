/**
 * Writes `generated/`: the JSON Schema of each wire message and the OpenAPI document.
 * `node services/contracts/src/generate.ts [--check]`; with `--check` it writes nothing and fails when a file is stale.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { jsonSchema } from './generate/json-schema.ts'
import { openapi } from './generate/openapi.ts'
import { messages, topicTable } from './messages.ts'
import { DeviceRecord } from './registry/record.ts'

const folder = fileURLToPath(new URL('../generated/', import.meta.url))

/** File name → content. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, unknown>([['openapi.json', openapi()]])
  const dialect = 'https://json-schema.org/draft/2020-12/schema'
  for (const [name, schema] of Object.entries(messages)) {
    const title = topicTable[name as keyof typeof messages]
    files.set(`${name}.schema.json`, { $schema: dialect, title, ...jsonSchema(schema) })
  }
  files.set('device-record.schema.json', { $schema: dialect, title: 'Camera record', ...jsonSchema(DeviceRecord) })
  return new Map([...files].map(([name, content]) => [name, `${JSON.stringify(content, null, 2)}\n`]))
}

/** Names of files that are missing, differ, or should not be there. */
export function staleFiles(): string[] {
  const files = generatedFiles()
  const present = new Map(filesPresent().map((name) => [name, readFileSync(folder + name, 'utf8')]))
  return [...new Set([...files.keys(), ...present.keys()])]
    .filter((name) => files.get(name) !== present.get(name))
    .sort()
}

function filesPresent(): string[] {
  mkdirSync(folder, { recursive: true })
  return readdirSync(folder)
}

if (import.meta.main) {
  const stale = staleFiles()
  if (process.argv.includes('--check')) {
    if (stale.length > 0) console.error(`stale: ${stale.join(', ')}; run npm run generate`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    const files = generatedFiles()
    for (const name of stale) {
      const content = files.get(name)
      if (content === undefined) rmSync(folder + name)
      else writeFileSync(folder + name, content)
    }
    console.log(stale.length > 0 ? `wrote ${stale.join(', ')}` : 'nothing stale')
  }
}
