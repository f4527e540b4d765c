/** What a room has in contracts and in core: the shape of what it says, and its rules. */

export const contractsFiles = ({ room, camel, pascal, snake }) => ({
  [`src/${room}/note.ts`]: `/** What ${room} notes. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

export const ${pascal}Note = z.strictObject({ at: Instant, text: z.string().min(1).max(200) })
export type ${pascal}Note = z.infer<typeof ${pascal}Note>

export const ${pascal}Notes = z.strictObject({ asOf: Instant, notes: z.array(${pascal}Note) })
export type ${pascal}Notes = z.infer<typeof ${pascal}Notes>
`,

  [`src/${room}/messages.ts`]: `/** Messages of ${room}. */
import { z } from 'zod'
import type { Message } from '../message.ts'
import { ${pascal}Note } from './note.ts'

/** Something is to be noted. */
const ${pascal}Noted = z.strictObject({ v: z.literal(1), ...${pascal}Note.shape })

export const ${camel}Messages = {
  ${camel}Noted: { topic: 'hub/v1/${room}/noted', schema: ${pascal}Noted },
} as const satisfies Record<string, Message>
`,

  [`src/${room}/routes.ts`]: `/** Routes of ${room}. */
import type { Route } from '../route.ts'
import { ${pascal}Notes } from './note.ts'

export const ${camel}Routes = {
  ${camel}Notes: {
    method: 'get',
    path: '/${room}',
    summary: 'Notes of ${room}, the latest first',
    needs: 'view',
    response: ${pascal}Notes,
  },
} as const satisfies Record<string, Route>
`,

  [`src/${room}/views.ts`]: `/** What other rooms may read of ${room}. Each is a view over one table of its owner; nobody else names that table. */

export interface ${pascal}Views {
  /** Its notes. */
  ${snake}_notes: ${pascal}NotesView
}

interface ${pascal}NotesView {
  /** UTC milliseconds. */
  at: number
  text: string
}
`,

  [`src/${room}/index.ts`]: `export * from './note.ts'
export type * from './views.ts'
`,

  [`examples/${camel}Noted/valid.json`]: '{"v":1,"at":1795363200000,"text":"noted"}\n',
  [`examples/${camel}Noted/invalid-at.json`]: '{"v":1,"at":"now","text":"noted"}\n',
  [`examples/${camel}Noted/invalid-at.txt`]: 'at is now: Invalid input: expected number, received string\n',
})

export const coreFiles = ({ room, camel }) => ({
  [`src/${room}/kept-from.ts`]: `/** How long notes of ${room} are kept. */
import { dayMs } from '../common/time/units.ts'

/** From when on notes are kept, UTC milliseconds. */
export const ${camel}KeptFrom = (now: number, keepDays: number): number => Math.max(0, now - keepDays * dayMs)
`,

  [`src/${room}/kept-from.test.ts`]: `import { expect, test } from 'vitest'
import { dayMs } from '../common/time/units.ts'
import { ${camel}KeptFrom } from './kept-from.ts'

test.each([
  ['a day', 10 * dayMs, 1, 9 * dayMs],
  ['several days', 10 * dayMs, 7, 3 * dayMs],
  ['more days than there were: all', 10 * dayMs, 30, 0],
])('keeps %s', (_, now, days, from) => expect(${camel}KeptFrom(now, days)).toBe(from))
`,

  [`src/${room}/index.ts`]: `export * from './kept-from.ts'
`,
})
