import { afterEach, expect, test, vi } from 'vitest'
import { logInAs, useHub } from '../testing/hub.ts'
import { closeLive, onChanged, openLive } from './live.svelte.ts'

const hub = useHub()
afterEach(closeLive)

test('a stream that has come back has one read exports and incidents again: a change of one’s own is not sent twice', async () => {
  await logInAs(hub, 'operator')
  const changes = vi.fn()
  const stop = onChanged(changes)
  openLive()
  await vi.waitFor(() => expect(hub.streams).toBe(1))
  hub.send({ event: 'changed', data: { what: 'outages', id: 'o' } })
  await vi.waitFor(() => expect(changes.mock.calls).toEqual([['outages', 'o']]))
  hub.closeStreams()
  await vi.waitFor(() => expect(hub.streams).toBe(1), { timeout: 5_000 })
  await vi.waitFor(() =>
    expect(changes.mock.calls.slice(1)).toEqual([
      ['exports', null],
      ['incidents', null],
    ]),
  )
  stop()
})
