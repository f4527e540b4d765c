/** The folder of exported files: a file under its own name is whole. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportRequest } from '@hub/contracts'
import { exportPath } from './store.ts'

export type Folder = {
  /** Where a job writes until it is done. */
  draft(id: string): string
  /** Gives a finished draft its name. */
  keep(id: string, format: ExportRequest['format']): void
  remove(id: string): void
  /** Removes the files of all other jobs: of those that were forgotten, and of a hub that was killed. */
  sweep(kept: ReadonlySet<string>): void
}

export function openFolder(data: string): Folder {
  const folder = join(data, 'exports')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const remove = (wanted: (id: string) => boolean) => {
    for (const name of readdirSync(folder)) if (wanted(name.split('.')[0]!)) rmSync(join(folder, name), { force: true })
  }
  const draft = (id: string) => join(folder, `${id}.part`)
  return {
    draft,
    keep: (id, format) => renameSync(draft(id), exportPath(data, id, format)),
    remove: (id) => remove((name) => name === id),
    sweep: (kept) => remove((name) => !kept.has(name)),
  }
}
