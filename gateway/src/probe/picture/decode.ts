/**
 * Two pictures out of a recording, by ffmpeg. It is given bytes on its standard input and nothing else: no address, no login, no
 * file, and no protocol but pipes, so that nothing a camera sends can make it open something.
 */
import { spawn } from 'node:child_process'
import { OnvifFault } from '../../onvif/fault.ts'
import type { Codec } from './rtp.ts'

export type Picture = { width: number; height: number /** Luma, a byte a pixel. */; luma: Buffer }

/**
 * Each n-th pixel of each n-th line is enough to tell whether two pictures are one, and is taken as it is (`neighbor`): means would lose
 * the noise of the sensor, by which a still scene is told from a frozen one. A whole picture is megabytes through a pipe.
 */
const everyPixel = 4
/** A picture of 8K is 2 MB of samples; two are asked for. */
const maxOutput = 8 * 2 ** 20
const deadlineMs = 10_000

export class NoDecoder extends Error {}

/**
 * Samples of the first picture, and of that `step` pictures later when there is one.
 * @throws NoDecoder when there is no ffmpeg. @throws OnvifFault of the rung `decodes` when nothing can be decoded
 */
export async function decode(recording: Buffer, codec: Codec, step: number, signal: AbortSignal): Promise<Picture[]> {
  const side = (of: 'iw' | 'ih') => `'max(1,${of}/${everyPixel})'`
  const filter = `framestep=${Math.max(1, step)},scale=${side('iw')}:${side('ih')}:flags=neighbor,format=gray`
  const input = `-threads 1 -protocol_whitelist pipe -f ${codec === 'H265' ? 'hevc' : 'h264'} -i pipe:0`
  const made = '-frames:v 2 -c:v pgm -f image2pipe pipe:1'
  const args = `-nostdin -hide_banner -loglevel error ${input} -vf ${filter} ${made}`.split(' ')
  const { output, errors } = await run('ffmpeg', args, recording, signal)
  const pictures = readPgm(output)
  if (pictures.length === 0)
    throw new OnvifFault(
      'decodes',
      'no-stream',
      `the picture cannot be decoded: ${errors.slice(0, 200) || 'nothing came out'}`,
    )
  return pictures
}

function run(
  program: string,
  args: readonly string[],
  input: Buffer,
  signal: AbortSignal,
): Promise<{ output: Buffer; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: deadlineMs,
      killSignal: 'SIGKILL',
      signal,
    })
    const parts: Buffer[] = []
    let size = 0
    let errors = ''
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new NoDecoder(`${program} is not installed`)
          : new OnvifFault('decodes', 'gateway-network', `${program} cannot be run: ${error.code}`),
      ),
    )
    child.stdout.on('data', (part: Buffer) => {
      size += part.length
      if (size > maxOutput) child.kill('SIGKILL')
      else parts.push(part)
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      errors = (errors + part).slice(0, 1_000)
    })
    child.on('close', () => resolve({ output: Buffer.concat(parts), errors }))
    // It closes its input when it has enough.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** Binary PGM images one after another: `P5 width height 255` and the bytes. */
export function readPgm(bytes: Buffer): Picture[] {
  const pictures: Picture[] = []
  for (let at = 0; at < bytes.length; ) {
    const head = /^P5\s(\d{1,5})\s(\d{1,5})\s255\s/.exec(bytes.toString('latin1', at, at + 32))
    if (!head) break
    const [width, height] = [Number(head[1]), Number(head[2])]
    const start = at + head[0].length
    const end = start + width * height
    if (end > bytes.length) break
    pictures.push({ width, height, luma: bytes.subarray(start, end) })
    at = end
  }
  return pictures
}
