/** The clips that cameras play: read once, cut into RTP payloads once, shared by every session. */
import { readFileSync } from 'node:fs'
import { type Stream, streams } from '../camera/streams.ts'
import { readAnnexB } from './annexb.ts'
import { packetise, payloadType } from './rtp.ts'

export type Clip = {
  stream: Stream
  /** RTP payloads of each picture; the first is an IDR picture with its parameter sets before it. */
  pictures: readonly (readonly Buffer[])[]
  /** `sprop-parameter-sets` and `profile-level-id` (RFC 6184 8.1). */
  fmtp: string
}

function load(stream: Stream): Clip {
  const { sps, pps, pictures } = readAnnexB(readFileSync(new URL(`../../media/${stream.file}`, import.meta.url)))
  return {
    stream,
    pictures: pictures.map(({ units, key }) => packetise(key ? [sps, pps, ...units] : units)),
    fmtp: `packetization-mode=1;profile-level-id=${sps.toString('hex', 1, 4).toUpperCase()};sprop-parameter-sets=${sps.toString('base64')},${pps.toString('base64')}`,
  }
}

const clips: ReadonlyMap<string, Clip> = new Map(streams.map((stream) => [stream.path, load(stream)]))

/** The clip of a URL path such as `/main` or `/main/track1`. */
export const clipAt = (path: string): Clip | undefined => clips.get(path.replace(/\/track1$/, '').replace(/\/$/, ''))

/** What DESCRIBE answers (RFC 4566). */
export const describe = ({ stream, fmtp }: Clip, address: string, name: string): string =>
  [
    'v=0',
    `o=- 1 1 IN IP4 ${address}`,
    `s=${name}`,
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${payloadType}`,
    `b=AS:${stream.kbps}`,
    `a=rtpmap:${payloadType} H264/90000`,
    `a=fmtp:${payloadType} ${fmtp}`,
    `a=framerate:${stream.fps}`,
    'a=control:track1',
    '',
  ].join('\r\n')
