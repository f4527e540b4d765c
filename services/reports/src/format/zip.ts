/**
 * A ZIP file written front to back on one thread (PKWARE APPNOTE 6.3). Each piece of an entry is deflated by itself and ended with a
 * sync flush, so the pieces follow one another as one stream (RFC 1951 3.2.4); sizes and checksum are filled in afterwards.
 */
import { constants, crc32, deflateRawSync } from 'node:zlib'
import type { Sink } from './sink.ts'

const pieceBytes = 256 * 1024
/** Rows of a sheet are alike: a higher level takes three times as long for a tenth less. */
const level = 4
/** 1980-01-01: the first day that the format knows. The same content makes the same file. */
const date = 0x21
/** Names are UTF-8. */
const utf8 = 0x800

export type Zip = {
  /** Opens an entry; the one before is closed by it. */
  entry(name: string): void
  write(text: string): void
  /** Closes the last entry and writes the directory. */
  end(): void
}

type Entry = { name: Buffer; at: number; crc: number; packed: number; size: number }

export function createZip(sink: Sink): Zip {
  const entries: Entry[] = []
  let open: Entry | undefined
  let waiting: string[] = []
  let waitingLength = 0

  function flush(last: boolean): void {
    if (!open) return
    const data = Buffer.from(waiting.join(''))
    waiting = []
    waitingLength = 0
    const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH
    const packed = deflateRawSync(data, { level, finishFlush })
    open.crc = crc32(data, open.crc)
    open.size += data.length
    open.packed += packed.length
    sink.write(packed)
  }
  function close(): void {
    if (!open) return
    flush(true)
    const sizes = Buffer.alloc(12)
    sizes.writeUInt32LE(open.crc, 0)
    sizes.writeUInt32LE(open.packed, 4)
    sizes.writeUInt32LE(open.size, 8)
    sink.patch(open.at + 14, sizes)
    open = undefined
  }

  return {
    entry(name) {
      close()
      open = { name: Buffer.from(name), at: sink.bytes, crc: 0, packed: 0, size: 0 }
      entries.push(open)
      sink.write(Buffer.concat([localHeader(open), open.name]))
    },
    write(text) {
      waiting.push(text)
      waitingLength += text.length
      if (waitingLength >= pieceBytes) flush(false)
    },
    end() {
      close()
      const at = sink.bytes
      for (const entry of entries) sink.write(Buffer.concat([directoryHeader(entry), entry.name]))
      const tail = Buffer.alloc(22)
      tail.writeUInt32LE(0x06054b50, 0)
      tail.writeUInt16LE(entries.length, 8)
      tail.writeUInt16LE(entries.length, 10)
      tail.writeUInt32LE(sink.bytes - at, 12)
      tail.writeUInt32LE(at, 16)
      sink.write(tail)
    },
  }
}

/** Version 2.0, deflated. Checksum and sizes are patched in when they are known. */
function localHeader({ name }: Entry): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(utf8, 6)
  header.writeUInt16LE(8, 8)
  header.writeUInt16LE(date, 12)
  header.writeUInt16LE(name.length, 26)
  return header
}

function directoryHeader({ name, at, crc, packed, size }: Entry): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(utf8, 8)
  header.writeUInt16LE(8, 10)
  header.writeUInt16LE(date, 14)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(packed, 20)
  header.writeUInt32LE(size, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt32LE(at, 42)
  return header
}
