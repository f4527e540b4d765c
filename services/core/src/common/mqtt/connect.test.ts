import { expect, it } from 'vitest'
import { connectFault } from './connect.ts'

const sound = { clientId: 'a', user: 'a', clean: true, keepalive: 60 }

it.each([
  ['its own name', {}, null],
  ['its own name and a suffix', { clientId: 'a:2' }, null],
  ['no client id', { clientId: '' }, null],
  ['no keepalive', { keepalive: 0 }, null],
  ['the longest keepalive', { keepalive: 300 }, null],
  ['a longer keepalive', { keepalive: 900 }, [5, 'a keepalive of 900 s: at most 300 s']],
  [
    'no client id and a session to keep',
    { clientId: '', clean: false },
    [2, 'an empty client id without a clean session'],
  ],
  ["another's client id", { clientId: 'b' }, [2, 'the client id is not the user']],
  ["a client id that begins like another's", { clientId: 'ab' }, [2, 'the client id is not the user']],
])('a CONNECT with %s', (_, differs, expected) => {
  const fault = connectFault({ ...sound, ...differs }, 300)
  expect(fault && [fault.returnCode, fault.reason]).toEqual(expected)
})
