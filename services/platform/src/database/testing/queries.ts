/** Queries for the tests of the read thread. */
import { HubError } from '@hub/contracts'
import type { ReadSource } from '../read-thread.ts'

const finished: number[] = []

export const settingOf = async ({ db }: ReadSource, key: string): Promise<string | undefined> =>
  (await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst())?.value

export const countIn = ({ snapshot }: ReadSource, table: 'setting'): Promise<unknown> =>
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
  await db.insertInto('setting').values({ room: 'test', key: 'w', value: '' }).execute()
}
