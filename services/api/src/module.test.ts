/** What the API refuses to start with. */
import { expect, test } from 'vitest'
import { rooms } from '../../hub/src/modules.ts'
import { startHub } from '../../hub/src/testing/hub.ts'
import { createApi } from './module.ts'

const messageOf = async (table: typeof rooms): Promise<string> => {
  const hub = await startHub()
  try {
    createApi(table, hub.deps)
    return 'accepted'
  } catch (err) {
    return String(err)
  } finally {
    await hub.stop()
  }
}

test('a route that no room answers fails the start, by its name', async () => {
  const without = rooms.filter(({ name }) => name !== 'overview')
  expect(await messageOf(without)).toBe('TypeError: no room answers overview')
})

test('a route that two rooms answer fails the start, by its name', async () => {
  const again = rooms.filter(({ name }) => name === 'overview')
  expect(await messageOf([...rooms, ...again])).toBe('TypeError: two rooms answer overview')
})
