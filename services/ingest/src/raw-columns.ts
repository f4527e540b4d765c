/** Columns of whole numbers as bytes: each number as its difference from what is expected, the bytes of one weight together, compressed. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Higher levels take longer and gain little: a plane is noise, or next to nothing. */
const options = { params: { [constants.ZSTD_c_compressionLevel]: 9 } }
export const compress = (bytes: Uint8Array): Buffer => zstdCompressSync(bytes, options)
export const decompress = (bytes: Uint8Array): Buffer => zstdDecompressSync(bytes)

/** Sizes are of the compressed planes, the lowest weight first. */
export type StoredColumn = { name: string; length: number; planes: number[] }

/** Differences become whole numbers from 0 on: 0, −1, 1, −2, … */
const coded = (difference: number): number => (difference < 0 ? -2 * difference - 1 : 2 * difference)
const decoded = (code: number): number => (code % 2 === 0 ? code / 2 : -(code + 1) / 2)

export class ColumnWriter {
  readonly #columns = new Map<string, number[]>()

  put(name: string, difference: number): void {
    const code = coded(difference)
    const column = this.#columns.get(name)
    if (column) column.push(code)
    else this.#columns.set(name, [code])
  }

  end(): { columns: StoredColumn[]; bytes: Buffer } {
    const parts: Buffer[] = []
    const columns = [...this.#columns].map(([name, codes]) => {
      const planes = planesOf(codes).map(compress)
      parts.push(...planes)
      return { name, length: codes.length, planes: planes.map(({ length }) => length) }
    })
    return { columns, bytes: Buffer.concat(parts) }
  }
}

function planesOf(codes: readonly number[]): Uint8Array[] {
  const planes: Uint8Array[] = []
  let rest = codes
  while (planes.length === 0 || rest.some((code) => code > 0)) {
    planes.push(Uint8Array.from(rest, (code) => code % 256))
    rest = rest.map((code) => Math.floor(code / 256))
  }
  return planes
}

export class ColumnReader {
  readonly #columns = new Map<string, { planes: Buffer[]; at: number }>()

  constructor(columns: readonly StoredColumn[], bytes: Buffer) {
    let at = 0
    for (const { name, planes } of columns) {
      const read = planes.map((size) => {
        at += size
        return decompress(bytes.subarray(at - size, at))
      })
      this.#columns.set(name, { planes: read, at: 0 })
    }
  }

  /** The next difference of a column. */
  take(name: string): number {
    const column = this.#columns.get(name)!
    const { planes, at } = column
    column.at++
    let code = 0
    for (let weight = planes.length - 1; weight >= 0; weight--) code = code * 256 + planes[weight]![at]!
    return decoded(code)
  }
}
