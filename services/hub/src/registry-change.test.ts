/** One change costs one change: rows that the rooms read of the registry for one device, in cities of three sizes. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { topic } from '@hub/contracts'
import { ingestModule } from '@hub/ingest'
import { outagesModule } from '@hub/outages'
import { overviewModule } from '@hub/overview'
import { createManualClock, type LiveStream, type Running } from '@hub/platform'
import { expect, test, vi } from 'vitest'
import { batch, look } from '../../ingest/src/testing/rig.ts'
import { cameraId, gateway, seed } from '../../outages/src/testing/rig.ts'
import { wireTestDeps } from './testing/deps.ts'
import { createFakeBus } from './testing/fake-bus.ts'
import { openRecord } from './testing/record.ts'

const ofTheRegistry = /registry_device|registry_topology|gateways_binding|gateways_gateway|ingest_state/

/** Counts the rows that statements about the registry return. */
function countRows(sqlite: DatabaseSync): { rows: number } {
  const count = { rows: 0 }
  const prepare = sqlite.prepare.bind(sqlite)
  const counted = (statement: StatementSync): StatementSync => {
    const { all, get, iterate } = statement
    return Object.assign(statement, {
      all(...values: unknown[]) {
        const rows: unknown[] = Reflect.apply(all, statement, values)
        count.rows += rows.length
        return rows
      },
      get(...values: unknown[]) {
        const row: unknown = Reflect.apply(get, statement, values)
        if (row !== undefined) count.rows++
        return row
      },
      *iterate(...values: unknown[]) {
        for (const row of Reflect.apply(iterate, statement, values) as Iterable<unknown>) {
          count.rows++
          yield row
        }
      },
    })
  }
  sqlite.prepare = (sql) => (ofTheRegistry.test(sql) ? counted(prepare(sql)) : prepare(sql))
  return count
}

const stream: LiveStream = { snapshot() {}, push() {}, pushEach() {} }
/** Devices of one pole. */
const [changed, neighbour] = [cameraId(500), cameraId(501)]
const observed = [changed, neighbour, cameraId(900)]

const rooms = ['ingest', 'outages', 'overview'] as const
type Room = (typeof rooms)[number]

/** A city in which rooms run one after another. */
async function openCity(devices: number) {
  const record = await openRecord(':memory:')
  const count = countRows(record.sqlite)
  const clock = createManualClock()
  seed(record, devices, clock.now(), 'up')
  record.sqlite.prepare('INSERT INTO gateway (id, name, districts) VALUES (?, ?, ?)').run(gateway, 'one', '["430405"]')
  let seq = 0

  /** Rows read for a change of one device by one room, once it runs. */
  const rowsOf = async (room: Room): Promise<number> => {
    const bus = createFakeBus()
    const { deps } = wireTestDeps({ record, clock, transport: bus, config: { policy: { startupGraceSeconds: 1 } } })
    const running: Running =
      room === 'ingest'
        ? ingestModule.create!(deps)
        : room === 'outages'
          ? outagesModule.create!(deps)
          : (overviewModule.routes!({ ...deps, stream }) as Running)
    await running.start()
    let acked = 0
    /** Long enough for each room to have followed, and short of what is done each minute anyhow. */
    const pass = async () => {
      if (room === 'ingest') {
        const observations = observed.map((id) => look(id, clock.now()))
        await bus.deliver(
          topic('observations', { gateway }),
          JSON.parse(batch(++seq, observations, { gateway }).toString()),
        )
        acked++
        await vi.waitFor(() => expect(bus.published.filter((m) => m.topic.endsWith('/acks'))).toHaveLength(acked))
      }
      for (let s = 0; s < 5; s++) await clock.advanceAsync(1_000)
      for (let n = 0; n < 100; n++) await new Promise((resolve) => setImmediate(resolve))
    }
    await pass()
    const before = count.rows
    expect(before).toBeGreaterThan(0)
    await pass()
    expect(count.rows).toBe(before)
    await bus.deliver(topic('registry.changed'), { v: 1, at: clock.now(), devices: [changed], gateways: [] })
    await pass()
    await running.stop()
    return count.rows - before
  }
  return { rowsOf, close: () => record.close() }
}

test('a change of one device reads as few rows in a large city as in a small one', async () => {
  const figures: Record<Room, number[]> = { ingest: [], outages: [], overview: [] }
  for (const devices of [1_000, 5_000, 20_000]) {
    const city = await openCity(devices)
    for (const room of rooms) figures[room].push(await city.rowsOf(room))
    await city.close()
  }
  console.log('rows read for one device at 1,000, 5,000 and 20,000:', JSON.stringify(figures))
  // ingest: the device and its gateway; outages: its place and its state; overview: the device with its state.
  expect(figures).toEqual({ ingest: [2, 2, 2], outages: [2, 2, 2], overview: [1, 1, 1] })
})
