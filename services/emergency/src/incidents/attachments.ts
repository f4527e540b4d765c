/** Pictures and documents of an incident: taken by what their bytes are, kept in files that nobody but the hub reads. */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Attachment, HubError, limitText } from '@hub/contracts'
import { type Deps, sha256 } from '@hub/platform'
import type { Db } from '../tables.ts'
import { appendEntry } from './log.ts'

export const attachmentLimit = 8 * 1_048_576
const mostAttachments = 200

const signatures: readonly [Attachment['type'], readonly number[]][] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
]

export type StoredFile = Pick<Attachment, 'type' | 'bytes' | 'sha256'>
type Files = { config: Pick<Deps['config'], 'data'> }

/** Of the bytes themselves: a name and a header say what they like. */
export const typeOf = (bytes: Uint8Array): Attachment['type'] | undefined =>
  signatures.find(([, signature]) => signature.every((byte, n) => bytes[n] === byte))?.[0]

const folderOf = ({ config }: Files) => join(config.data, 'attachments')

/**
 * On disk when it resolves, under its digest: what comes twice is kept once. To be called before the transaction that names it; a file that
 * none names is harmless.
 * @throws HubError `request.too-large`, `request.invalid` for another type
 */
export async function storeFile(files: Files, bytes: Uint8Array): Promise<StoredFile> {
  if (bytes.length > attachmentLimit) throw new HubError('request.too-large', { limit: attachmentLimit })
  const type = typeOf(bytes)
  if (!type) {
    const value = Buffer.from(bytes.subarray(0, 8)).toString('hex')
    throw new HubError('request.invalid', { field: 'body', value, limit: limitText('picture-or-pdf') })
  }
  const digest = sha256(bytes)
  const folder = folderOf(files)
  const path = join(folder, digest)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const there = await stat(path).catch(() => undefined)
  if (there?.size !== bytes.length) {
    const half = `${path}.${randomUUID()}`
    const file = await open(half, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(half, path)
  }
  return { type, bytes: bytes.length, sha256: digest }
}

/** Run it in a transaction. @throws HubError `request.invalid` when there are too many */
export async function addAttachment(
  trx: Db,
  incident: string,
  { type, bytes, sha256: digest }: StoredFile,
  name: string,
  by: string,
  at: number,
): Promise<string> {
  const { count } = await trx
    .selectFrom('incident_attachment')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('incident', '=', incident)
    .executeTakeFirstOrThrow()
  if (Number(count) >= mostAttachments)
    throw new HubError('request.invalid', {
      field: 'name',
      value: name,
      limit: limitText('most-attachments', { most: mostAttachments }),
    })
  const id = randomUUID()
  await trx
    .insertInto('incident_attachment')
    .values({ id, incident, name, type, bytes, sha256: digest, at, by })
    .execute()
  const detail = { attachment: id, name, type, bytes }
  await appendEntry(trx, incident, { at, actor: by, kind: 'attachment', detail })
  return id
}

export async function attachmentsOf(db: Db, incident: string): Promise<Attachment[]> {
  const rows = await db
    .selectFrom('incident_attachment')
    .select(['id', 'name', 'type', 'bytes', 'sha256', 'at', 'by'])
    .where('incident', '=', incident)
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, type: row.type as Attachment['type'] }))
}

/** What was kept, whole: a file that was changed on the disk is not handed out. @throws HubError `attachment.unknown` */
export async function readAttachment(
  files: Files,
  db: Db,
  incident: string,
  id: string,
): Promise<Attachment & { content: Buffer }> {
  const one = (await attachmentsOf(db, incident)).find((attachment) => attachment.id === id)
  const content = one && (await readFile(join(folderOf(files), one.sha256)).catch(() => undefined))
  if (!one || !content || sha256(content) !== one.sha256) throw new HubError('attachment.unknown', { value: id })
  return { ...one, content }
}
