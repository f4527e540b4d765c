/** Readings for the tests of the thread that reads. */
import { HubError } from '@hub/contracts'
import type { ReadSource } from '../reader.ts'

const finished: number[] = []

export const metaOf = async ({ db }: ReadSource, key: string): Promise<string | undefined> =>
  (await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst())?.value

export const countIn = ({ snapshot }: ReadSource, table: 'meta'): Promise<unknown> =>
  snapshot((sqlite) => sqlite.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n)

export async function* upTo(_source: ReadSource, last: number): AsyncGenerator<number, void> {
  try {
    for (let n = 1; n <= last; n++) yield n
  } finally {
    finished.push(last)
  }
}

/** The last of `upTo` that have ended. */
export const ended = async (_source: ReadSource, _: null): Promise<number[]> =>
  finished.slice(-2).toSorted((a, b) => a - b)

export async function refuse(_source: ReadSource, value: string): Promise<void> {
  throw new HubError('device.unknown', { value })
}

export async function* refuseAt(_source: ReadSource, last: number): AsyncGenerator<number, void> {
  for (let n = 1; n < last; n++) yield n
  throw new HubError('device.unknown', { value: last })
}

export const write = async ({ db }: ReadSource, _: null): Promise<void> => {
  await db.insertInto('meta').values({ key: 'w', value: '' }).execute()
}
