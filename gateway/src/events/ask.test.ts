import { expect, test } from 'vitest'
import { OnvifFault } from '../onvif/fault.ts'
import { faultInput } from './ask.ts'

test.each([
  ['http-status', 'HTTP 502', false, true],
  ['http-status', 'HTTP 503', false, true],
  ['http-status', 'HTTP 504', false, true],
  ['http-status', 'HTTP 500', false, false],
  ['http-status', 'HTTP 400', false, false],
  ['soap-fault', 'the camera answers with a fault: Receiver ActionNotSupported', true, false],
  ['soap-fault', 'the camera answers with a fault: HTTP 503', false, false],
  ['timeout', 'no whole answer within 5000 ms', false, false],
] as const)('%s, %s', (reason, message, unsupported, unready) => {
  expect(faultInput(new OnvifFault('answers', reason, message))).toEqual({
    kind: 'fault',
    reason,
    unsupported,
    unready,
  })
})
