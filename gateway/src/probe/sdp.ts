/** What a stream says of itself (RFC 8866). Pure; what is not understood is left out. */

export type StreamDescription = {
  /** As in `a=rtpmap`, upper case: H264, H265, JPEG. */
  codec?: string
  /** Frames a second. */
  fps?: number
  payloadType: number
  /** Address of the track, absolute or relative to the stream's. */
  control?: string
  /** NAL units that the decoder needs first (RFC 6184 8.1, RFC 7798 7.1). */
  parameterSets: Buffer[]
}

/** Payload types that have a fixed meaning (RFC 3551 6). */
const fixed: Record<string, string> = { '26': 'JPEG', '32': 'MPV', '33': 'MP2T' }
const longestSet = 1_024

/** The first video track; undefined when there is none. */
export function readSdp(text: string): StreamDescription | undefined {
  const lines = text.split(/\r?\n/)
  const start = lines.findIndex((line) => line.startsWith('m=video '))
  if (start < 0) return undefined
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('m='))
  const track = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length)
  const payload = lines[start]!.split(' ')[3] ?? ''
  const attribute = (name: string) =>
    track
      .find((line) => line.startsWith(`a=${name}:`))
      ?.slice(name.length + 3)
      .trim()
  const codec = mapped(track, payload) ?? fixed[payload]
  const fps = Number(attribute('framerate') ?? attribute('x-framerate'))
  const control = attribute('control')
  return {
    ...(codec && { codec: codec.toUpperCase() }),
    ...(fps > 0 && fps <= 1_000 && { fps }),
    ...(control && control.length <= 512 && { control }),
    payloadType: Number(payload),
    parameterSets: parameterSets(attribute('fmtp') ?? ''),
  }
}

const mapped = (track: readonly string[], payload: string) =>
  track.map((line) => /^a=rtpmap:(\d+) ([\w-]{1,32})\//.exec(line)).find((match) => match?.[1] === payload)?.[2]

const parameterSets = (format: string): Buffer[] =>
  [...format.matchAll(/\bsprop-(?:parameter-sets|vps|sps|pps)=([\w+/=,]+)/g)]
    .flatMap(([, sets]) => sets!.split(','))
    .map((set) => Buffer.from(set, 'base64'))
    .filter((set) => set.length > 0 && set.length <= longestSet)
    .slice(0, 8)
