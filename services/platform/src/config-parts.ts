/** The configuration composed of the rooms' parts: each declares the fields that it reads by their path in the file. */
import { z } from 'zod'

/** Path in the file, as `policy.outages.closeAfterHours` → schema of what stands there. */
export type ConfigPart = { readonly [path: string]: z.ZodType }

type Under<Prefix extends string, Shape> = { readonly [K in keyof Shape & string as `${Prefix}.${K}`]: Shape[K] }
type Nested<Path extends string, Value> = Path extends `${infer Head}.${infer Rest}`
  ? { [K in Head]: Nested<Rest, Value> }
  : { [K in Path]: Value }
type Both<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never

/** What a part gives once it is checked. */
export type ConfigOf<Part extends ConfigPart> = Both<
  { [P in keyof Part & string]: Nested<P, z.output<Part[P]>> }[keyof Part & string]
>

/** The fields of `shape` under one path. */
export const configPart = <const Prefix extends string, const Shape extends ConfigPart>(prefix: Prefix, shape: Shape) =>
  Object.fromEntries(Object.entries(shape).map(([key, schema]) => [`${prefix}.${key}`, schema])) as unknown as Under<
    Prefix,
    Shape
  >

interface Tree extends Map<string, z.ZodType | Tree> {}

/** One strict schema: an unknown key fails, and what is absent has its default. @throws TypeError when two parts claim the same field */
export function composeConfig(parts: readonly ConfigPart[]): z.ZodType {
  const root: Tree = new Map()
  for (const part of parts)
    for (const [path, schema] of Object.entries(part)) {
      const keys = path.split('.')
      const last = keys.pop()!
      let node = root
      for (const key of keys) {
        const next = node.get(key) ?? new Map()
        if (!(next instanceof Map)) throw new TypeError(`the configuration has ${path} below a field`)
        node.set(key, next)
        node = next
      }
      if (node.has(last)) throw new TypeError(`the configuration has ${path} twice`)
      node.set(last, schema)
    }
  return objectOf(root)
}

const objectOf = (tree: Tree): z.ZodType =>
  z.strictObject(
    Object.fromEntries(
      [...tree].map(([key, value]) => [key, value instanceof Map ? objectOf(value).prefault({}) : value]),
    ),
  )
