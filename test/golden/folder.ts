/** The golden data folder, as it was kept: one brotli file for each of its files. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

const kept = join(import.meta.dirname, 'data')

/** Writes the files of the folder to `data`. */
export function unpack(data: string): void {
  for (const name of readdirSync(kept, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.br')) continue
    const file = join(data, name.slice(0, -'.br'.length))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, brotliDecompressSync(readFileSync(join(kept, name))))
  }
}

type Golden = {
  /** UTC milliseconds. */
  now: number
  /** What the questions name. */
  ids: { [name: string]: string }
  /** By the name of the question. */
  answers: { [name: string]: unknown }
  kept: { [name: string]: unknown[][] }
}
export const readGolden = (): Golden =>
  JSON.parse(brotliDecompressSync(readFileSync(join(import.meta.dirname, 'figures.json.br'))).toString())
