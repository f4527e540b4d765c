/** Reads a ZIP file by its directory (PKWARE APPNOTE 6.3): stored or deflated entries, no encryption, below 4 GB. */
import { textOf } from './bytes.ts'

/** @throws when it is no such file */
export async function readZip(bytes: Uint8Array<ArrayBuffer>): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let tail = bytes.length - 22
  while (tail >= 0 && view.getUint32(tail, true) !== 0x06054b50) tail--
  if (tail < 0) throw new Error('no zip')
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const count = view.getUint16(tail + 10, true)
  let at = view.getUint32(tail + 16, true)
  for (let n = 0; n < count; n++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error('no zip directory')
    const method = view.getUint16(at + 10, true)
    const packed = view.getUint32(at + 20, true)
    const nameLength = view.getUint16(at + 28, true)
    const more = view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    const local = view.getUint32(at + 42, true)
    const name = textOf(bytes.subarray(at + 46, at + 46 + nameLength))
    if (files.has(name)) throw new Error(`${name} twice`)
    const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    const data = bytes.slice(begin, begin + packed)
    if (method !== 0 && method !== 8) throw new Error(`method ${method}`)
    files.set(name, method === 0 ? data : await inflated(data))
    at += 46 + nameLength + more
  }
  return files
}

async function inflated(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
