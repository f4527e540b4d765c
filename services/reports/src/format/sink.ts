/** The file that an export writes: synchronously, for it is alone on its thread, and never larger than it may be. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { HubError, limitText } from '@hub/contracts'

/** A file larger than this opens nowhere that it is meant for; the disk is the Record's too. */
export const mostBytes = 1024 ** 3

export type Sink = {
  readonly bytes: number
  write(part: string | Uint8Array): void
  /** Writes over what is there already. */
  patch(at: number, part: Uint8Array): void
  close(): void
}

/** @throws from `write`: HubError `request.invalid` beyond `most` bytes */
export function openSink(file: string, most = mostBytes): Sink {
  const handle = openSync(file, 'w', 0o600)
  let bytes = 0
  return {
    get bytes() {
      return bytes
    },
    write(part) {
      const data = typeof part === 'string' ? Buffer.from(part) : part
      if (bytes + data.length > most) {
        const limit = limitText('size-of-file', { most: Math.round(most / 1024 ** 2) })
        throw new HubError('request.invalid', { field: 'bytes', value: bytes + data.length, limit })
      }
      for (let at = 0; at < data.length; ) at += writeSync(handle, data, at, data.length - at, bytes + at)
      bytes += data.length
    },
    patch: (at, part) => void writeSync(handle, part, 0, part.length, at),
    close: () => closeSync(handle),
  }
}
