/**
 * A font's plain file out of its WOFF 1.0 wrapping (w3.org/TR/WOFF). Problem: fontkit embeds the outlines of a WOFF2 font as they
 * are stored there, transformed, so that the text can be copied out of the PDF but nothing is drawn; and it unpacks a WOFF table again
 * at every look, which takes ten seconds for Chinese. Unpacked once, here, both are gone.
 */
import { inflateSync } from 'node:zlib'

const woffEntry = 20
const sfntEntry = 16
const header = 12

/** @throws RangeError when it is no WOFF 1.0 */
export function sfntOf(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new RangeError('not a WOFF 1.0 font')
  const count = woff.readUInt16BE(12)
  const entries = Array.from({ length: count }, (_, n) => {
    const at = 44 + n * woffEntry
    const [offset, packed, length] = [woff.readUInt32BE(at + 4), woff.readUInt32BE(at + 8), woff.readUInt32BE(at + 12)]
    const stored = woff.subarray(offset, offset + packed)
    return {
      tag: woff.subarray(at, at + 4),
      checksum: woff.readUInt32BE(at + 16),
      table: packed < length ? inflateSync(stored) : stored,
    }
  })
  const directory = Buffer.alloc(header + count * sfntEntry)
  woff.copy(directory, 0, 4, 8)
  directory.writeUInt16BE(count, 4)
  const power = Math.floor(Math.log2(count))
  directory.writeUInt16BE(2 ** power * sfntEntry, 6)
  directory.writeUInt16BE(power, 8)
  directory.writeUInt16BE((count - 2 ** power) * sfntEntry, 10)
  const parts: Buffer[] = [directory]
  let offset = directory.length
  for (const [n, { tag, checksum, table }] of entries.entries()) {
    const at = header + n * sfntEntry
    tag.copy(directory, at)
    directory.writeUInt32BE(checksum, at + 4)
    directory.writeUInt32BE(offset, at + 8)
    directory.writeUInt32BE(table.length, at + 12)
    // Tables begin at multiples of four.
    const padded = Math.ceil(table.length / 4) * 4
    parts.push(table, Buffer.alloc(padded - table.length))
    offset += padded
  }
  return Buffer.concat(parts)
}
