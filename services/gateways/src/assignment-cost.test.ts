/** One change costs one change: what is read, written and sent for one camera does not grow with how many there are. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AssignmentMessage, GatewayStatus } from '@hub/contracts'
import { createManualClock, type MessageBus, silentLog } from '@hub/platform'
import { expect, it, vi } from 'vitest'
import { approve } from './approval.ts'
import { createAssignments } from './assignments.ts'
import { putFound } from './put-found.ts'
import { takeRegistryChanges } from './take-registry-change.ts'
import { assignedCity, cameraId, east } from './testing/assigned-city.ts'

/** Counts the rows that statements give, and keeps their texts. */
function watch(sqlite: DatabaseSync) {
  const seen = { rows: 0, texts: [] as string[] }
  const prepare = sqlite.prepare.bind(sqlite)
  sqlite.prepare = (text: string) => {
    seen.texts.push(text)
    const statement = prepare(text)
    const counted = (name: 'all' | 'iterate') => {
      const run = statement[name].bind(statement) as (...values: never[]) => Iterable<unknown>
      statement[name] = ((...values: never[]) => {
        const rows = [...run(...values)]
        seen.rows += rows.length
        return rows
      }) as never
    }
    counted('all')
    counted('iterate')
    return statement as StatementSync
  }
  return {
    /** @returns what `work` read, and the plans of its statements that go through a whole table */
    async during(work: () => Promise<void>) {
      Object.assign(seen, { rows: 0, texts: [] })
      await work()
      const texts = seen.texts.filter((text) => /^(select|insert|update|delete)/i.test(text))
      const plans = texts.flatMap((text) =>
        (
          prepare(`EXPLAIN QUERY PLAN ${text}`).all(...Array(text.split('?').length - 1).fill(null)) as {
            detail: string
          }[]
        ).map(({ detail }) => detail),
      )
      return {
        rows: seen.rows,
        statements: texts.length,
        scans: plans.filter((plan) => /^SCAN (?!CONSTANT)/.test(plan)),
      }
    },
  }
}

const status = (assignment: number, digest: string): GatewayStatus => ({
  v: 1,
  gateway: east,
  online: true,
  at: 1,
  version: '1',
  assignment,
  devices: 1,
  holds: { digest },
  spooled: 0,
  clockOffsetMs: 0,
  blind: false,
})

async function costOfOne(assigned: number) {
  const city = await assignedCity(assigned + 1)
  const { record, sqlite, config } = city
  for (let n = 0; n < assigned; n += 1_000) await city.approve(Array.from({ length: 1_000 }, (_, i) => n + i))
  const held = () =>
    sqlite
      .prepare('SELECT assignment_version AS version, assignment_digest AS digest FROM gateway WHERE id = ?')
      .get(east) as { version: number; digest: string }
  const sent: AssignmentMessage[] = []
  const assignments = createAssignments({
    record,
    log: silentLog,
    clock: createManualClock(),
    bus: {
      publish: async (_n: string, _p: object, value: AssignmentMessage) => void sent.push(value),
    } as unknown as MessageBus,
  })
  const before = held()
  assignments.heard(status(before.version, before.digest))
  const found = {
    endpoint: 'urn:new',
    address: '127.11.0.9',
    xaddrs: ['http://127.11.0.9:8000/x'],
    quarantine: 'new' as const,
  }
  await putFound(record.db, east, [{ ...found, seenAt: 1 }], 1)
  const watched = watch(sqlite)
  const approval = { gateway: east, endpoint: 'urn:new', device: cameraId(assigned), credential: 'sims' }
  const cost = await watched.during(async () => {
    await record.transaction((trx) => approve(trx, [approval], 30_000))
    assignments.changed(east)
    await vi.waitFor(() => expect(sent).toHaveLength(1))
  })
  // Its record changes in what no gateway needs: read and found to be nothing.
  sqlite.exec(`UPDATE device SET name = 'x', record = '{"name":"x"}' WHERE id = '${cameraId(assigned)}'`)
  const renamed = await watched.during(async () => {
    expect((await record.transaction((trx) => takeRegistryChanges(trx, config))).touched).toEqual([])
  })
  await assignments.stop()
  await record.close()
  return { cost, renamed, sent, bytes: sent.map((message) => JSON.stringify(message).length), before }
}

it('an approval reads as many rows and sends as many bytes beside 1,000, 5,000 and 20,000 assigned devices', {
  timeout: 120_000,
}, async () => {
  const costs = []
  for (const assigned of [1_000, 5_000, 20_000]) {
    const { cost, renamed, sent, bytes, before } = await costOfOne(assigned)
    console.log(
      `${assigned} assigned: one approval ${JSON.stringify(cost)}, bytes sent ${bytes}; one other name ${JSON.stringify(renamed)}`,
    )
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      v: 2,
      from: before.version,
      to: before.version + 1,
      put: [{ id: cameraId(assigned) }],
    })
    costs.push({ cost, renamed, bytes: bytes[0]! - 2 * String(before.version).length })
  }
  expect(costs[1]).toEqual(costs[0])
  // A version of one digit more, twice in the message, is taken off above.
  expect(costs[2]).toEqual(costs[0])
  expect([costs[0]!.cost.scans, costs[0]!.renamed.scans]).toEqual([[], []])
})
