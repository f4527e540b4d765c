import { expect, test } from 'vitest'
import {
  createRequest,
  locateRequest,
  pullRequest,
  renewRequest,
  syncRequest,
  unsubscribeRequest,
} from '../events/calls.ts'
import { commandsOf } from './commands.ts'
import { fakeCamera, ok, sessionWith, soap } from './fake-camera.ts'
import { profilesRequest, servicesRequest, streamUriRequest } from './media2.ts'
import { clockRequest } from './read.ts'
import { withToken } from './soap.ts'
import { actionOf } from './transport.ts'

const point = { path: '/p', address: 'http://c/p', parameters: '<p:Action xmlns:p="u">forged</p:Action>' }
const token = { user: 'u', password: 'p', nonce: Buffer.alloc(16), created: 0 }
test.each([
  [clockRequest, 'http://www.onvif.org/ver10/device/wsdl/GetSystemDateAndTime'],
  [servicesRequest, 'http://www.onvif.org/ver10/device/wsdl/GetServices'],
  [locateRequest, 'http://www.onvif.org/ver10/device/wsdl/GetCapabilities'],
  [profilesRequest, 'http://www.onvif.org/ver20/media/wsdl/GetProfiles'],
  [streamUriRequest('a"b'), 'http://www.onvif.org/ver20/media/wsdl/GetStreamUri'],
  [withToken(profilesRequest, token), 'http://www.onvif.org/ver20/media/wsdl/GetProfiles'],
  [
    createRequest(60_000, true),
    'http://www.onvif.org/ver10/events/wsdl/EventPortType/CreatePullPointSubscriptionRequest',
  ],
  [pullRequest(point, 1_000), 'http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/PullMessagesRequest'],
  [syncRequest(point), 'http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/SetSynchronizationPointRequest'],
  [renewRequest(point, 60_000), 'http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/RenewRequest'],
  [unsubscribeRequest(point), 'http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeRequest'],
])('the action of %#', (request, action) => {
  expect(actionOf(request)).toBe(action)
})

test('every call of node-onvif and ours names its action, with a login and without', async () => {
  await using camera = await fakeCamera(({ head, body }) => {
    const name = /<(?:\w+:)?(Get\w+)/.exec(body)![1]!
    const named = new RegExp(`^content-type: .*; action="http://www\\.onvif\\.org/\\S+/${name}"\r?$`, 'im').test(head)
    return named ? ok(soap(`<${name}Response/>`)) : ok('')
  })
  const session = sessionWith(camera, { credential: { user: 'u', password: 'p' } })
  const commands = commandsOf(session)
  await commands.deviceInformation()
  await commands.capabilities()
  await commands.profiles('/media')
  await commands.streamUri('/media', 'p')
  await commands.presets('/ptz', 'p')
  expect(camera.asked).toHaveLength(5)
})
