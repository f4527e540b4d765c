/** JSON Schema (2020-12) of zod schemas, with what zod cannot say by itself. */
import { z } from 'zod'
import { DeviceRecord, isRequired, pointClasses, recordFieldNames } from '../registry/record.ts'

export type Json = { [key: string]: unknown }
/** `request`: what a client may send. `answer`: what it gets, or what a message holds. */
type Direction = 'request' | 'answer'

/** Fields that only some point classes must fill: the record's refinement, as JSON Schema says it. */
const requiredByPointClass = pointClasses
  .map((pointType) => ({
    if: { properties: { pointType: { const: pointType } } },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: { required: recordFieldNames.filter((f) => isRequired(f, pointType) && !alwaysRequired(f)) },
  }))
  .filter((rule) => rule.then.required.length > 0)

function alwaysRequired(field: (typeof recordFieldNames)[number]): boolean {
  return pointClasses.every((pointType) => isRequired(field, pointType))
}

const override = ({ zodSchema, jsonSchema: json }: { zodSchema: unknown; jsonSchema: Json }): void => {
  if (zodSchema === DeviceRecord) json.allOf = requiredByPointClass
}

/** A coerced number takes any input as far as zod is concerned: then the output says what is meant. */
export function jsonSchema(schema: z.ZodType, direction: Direction = 'answer'): Json {
  const as = (io: 'input' | 'output'): Json => {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io, override, unrepresentable: 'any' })
    return json
  }
  if (direction === 'answer') return as('output')
  const input = as('input')
  return ['type', 'anyOf', 'oneOf', 'allOf', 'const', 'enum'].some((key) => key in input) ? input : as('output')
}

/** Schemas that refer to one another by name, as OpenAPI's components do. */
export function schemasByName(named: ReadonlyMap<z.ZodType, string>): Record<string, Json> {
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of named) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { override, uri: (id) => `#/components/schemas/${id}` })
  return Object.fromEntries(
    Object.entries(schemas)
      .map(([name, { $schema: _, $id: __, ...json }]): [string, Json] => [name, json])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
