/** Exports: asked for, waited for, fetched, over HTTP. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { exportPath } from '../exports/store.ts'

describe('exports', () => {
  let hub: Hub
  let data: string
  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'hub-api-'))
    hub = await startHub({}, { data })
  })
  afterEach(async () => {
    await hub.stop()
    rmSync(data, { recursive: true, force: true })
  })
  const body = { report: 'uptime', format: 'xlsx', query: { from: '1', to: '2', by: ['district'] } }
  const request = async (user: string, more: object = {}) =>
    (await hub.ask(user, 'requestExport', { body: { ...body, ...more } })).json
  const finish = async (id: string, bytes: string, fileName: string) => {
    mkdirSync(join(data, 'exports'), { recursive: true })
    writeFileSync(exportPath(data, id, 'xlsx'), bytes)
    await hub.record.db
      .updateTable('export')
      .set({ status: 'done', file_name: fileName, bytes: bytes.length, ended_at: 5 })
      .where('id', '=', id)
      .execute()
  }
  const file = (user: string, id: string) => hub.ask(user, 'exportFile', { params: { id } })
  const acts = async () =>
    (await hub.record.db.selectFrom('audit').selectAll().where('action', 'like', 'export.%').execute()).map((a) => [
      a.actor,
      a.action,
    ])

  it('wait with the scope of whoever asks, are told, fetched under their Chinese name, and audited', async () => {
    const job = await request('oper-a')
    expect(job).toMatchObject({ status: 'waiting', requestedBy: 'oper-a', progress: 0 })
    const row = await hub.record.db.selectFrom('export').selectAll().executeTakeFirstOrThrow()
    expect(JSON.parse(row.scope)).toEqual(['430405'])
    expect(hub.changes('exports')).toMatchObject([{ user: 'oper-a' }])
    const early = await file('oper-a', job.id)
    expect([early.status, early.json.code]).toEqual([409, 'export.not-ready'])
    await finish(job.id, 'PK-bytes', `在线率 "2026"'.xlsx`)
    const answer = await file('oper-a', job.id)
    expect([answer.status, answer.text]).toEqual([200, 'PK-bytes'])
    expect(answer.headers.get('content-type')).toContain('spreadsheetml.sheet')
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="hengyang-export.xlsx"; filename*=UTF-8''%E5%9C%A8%E7%BA%BF%E7%8E%87%20%222026%22%27.xlsx`,
    )
    expect(await acts()).toEqual([
      ['oper-a', 'export.request'],
      ['oper-a', 'export.download'],
    ])
  })

  it('are the asker’s alone: nobody else lists, fetches or cancels them', async () => {
    const { id } = await request('oper-a')
    await finish(id, 'secret', 'x.xlsx')
    expect((await hub.ask('oper', 'exports')).json).toEqual({ jobs: [] })
    expect((await hub.ask('oper-a', 'exports')).json.jobs).toMatchObject([{ id }])
    for (const name of ['exportFile', 'cancelExport'] as const) {
      const { status, json } = await hub.ask('oper', name, { params: { id } })
      expect([status, json.code]).toEqual([404, 'export.unknown'])
    }
  })

  it('that wait or run are cancelled; one whose file is gone says so', async () => {
    const { id } = await request('oper')
    expect((await hub.ask('oper', 'cancelExport', { params: { id } })).status).toBe(204)
    expect((await hub.ask('oper', 'exports')).json.jobs[0].status).toBe('cancelled')
    const other = await request('oper')
    await finish(other.id, 'x', 'x.xlsx')
    rmSync(exportPath(data, other.id, 'xlsx'))
    expect((await file('oper', other.id)).json.detail).toBe('the export is deleted')
  })

  it('a query that the route would refuse is refused at once', async () => {
    const { status, json } = await hub.ask('oper', 'requestExport', { body: { ...body, query: { from: '1' } } })
    expect([status, json.field]).toEqual([400, 'to'])
  })

  it.each(['..%2f..%2frecord.db', '%2e%2e%2f', '..%5c..%5crecord.db', 'x%00', '%252e%252e'])(
    'no path leads out of their folder: %s',
    async (id) => {
      await hub.login('oper')
      const answer = await file('oper', id)
      expect([400, 404]).toContain(answer.status)
      expect(answer.text).not.toContain('SQLite')
    },
  )
})
