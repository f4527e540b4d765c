/** The rows of a CSV file, as a spreadsheet counts them: row 1 is the header. */
import { Readable } from 'node:stream'
import type { ErrorParams } from '@hub/contracts'
import { type CsvError, parse } from 'csv-parse'
import { decodeCsv } from './decode.ts'

export type Row = { row: number } & ({ cells: string[] } | { fault: ErrorParams })

/** Never throws for a row that is malformed: it is answered as its fault, sooner or later than its neighbours. */
export async function* csvFileRows(bytes: Uint8Array): AsyncGenerator<Row> {
  const faults: Row[] = []
  // Counted where they are parsed: the parser is ahead of whoever reads.
  let row = 0
  const rowOf = new WeakMap<string[], number>()
  const parser = Readable.from([decodeCsv(bytes)]).pipe(
    parse({
      ...{ bom: true, relax_column_count: true, skip_empty_lines: true, skip_records_with_error: true },
      max_record_size: 65_536,
      on_record(cells) {
        rowOf.set(cells, ++row)
        return cells
      },
    }),
  )
  parser.on('skip', (error: CsvError | undefined) => {
    if (error) faults.push({ row: ++row, fault: { field: 'row', value: 'malformed', limit: error.code } })
  })
  for await (const cells of parser as AsyncIterable<string[]>) {
    yield { row: rowOf.get(cells)!, cells }
    yield* faults.splice(0)
  }
  yield* faults
}
