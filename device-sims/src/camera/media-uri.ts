/** Addresses of streams and snapshots, as both versions of the media service give them. */
import { hostOf, serviceUrl } from './camera.ts'
import type { Call } from './service.ts'
import { invalidArgument } from './soap.ts'
import { type Stream, streams } from './streams.ts'
import { textAt } from './xml.ts'

/** The stream of the call's ProfileToken. Throws SoapFault ter:NoProfile. */
export function streamNamed({ body }: Call): Stream {
  const token = textAt(body, 'ProfileToken')
  const found = streams.find((s) => s.token === token)
  if (!found) throw invalidArgument('NoProfile', `Profile token ${token ?? 'missing'} does not exist`)
  return found
}

export const streamUri = ({ camera, ports }: Call, { path }: Stream): string =>
  `rtsp://${camera.profile.streamHost ?? hostOf(camera)}:${ports.rtsp}${path}${camera.profile.streamQuery ?? ''}`
export const snapshotUri = ({ camera, ports }: Call, { token }: Stream): string =>
  serviceUrl(camera, ports, `/snapshot.jpg?profile=${token}`)
