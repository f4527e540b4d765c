import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { camera, type Hub, sensorA, startHub } from '../../../hub/src/testing/hub.ts'

const hour = 3_600_000

describe('telemetry', () => {
  let hub: Hub
  beforeAll(async () => {
    hub = await startHub()
    await hub.importRecords([camera(sensorA, { kind: 'sensor' })])
    hub.history.telemetry = async ({ measure, limit, from, to }) =>
      measure === 'pm25'
        ? [1, 2, 3]
            .map((n) => ({ device: sensorA, district: '430405', measure, at: hub.clock.now() - n * hour, value: n }))
            .filter(({ at }) => at >= from && at < to)
            .reverse()
            .slice(-limit)
        : []
  })
  afterAll(() => hub.stop())

  it('has unit, range, the latest value and the history of what the sensor measures', async () => {
    const now = hub.clock.now()
    const { json } = await hub.ask('oper', 'telemetry', { params: { id: sensorA } })
    expect(json.measures).toEqual([
      {
        measure: 'pm25',
        unit: 'µg/m³',
        min: 0,
        max: 2_000,
        latest: { at: now - hour, value: 1 },
        points: [
          [now - 3 * hour, 3],
          [now - 2 * hour, 2],
          [now - hour, 1],
        ],
      },
    ])
    const old = await hub.ask('oper', 'telemetry', { params: { id: sensorA }, query: `?to=${now - 2 * hour}` })
    expect(old.json.measures[0]).toMatchObject({ latest: { value: 1 }, points: [[now - 3 * hour, 3]] })
    const query = `?measure=noise&from=${now - hour}`
    const other = await hub.ask('oper', 'telemetry', { params: { id: sensorA }, query })
    expect(other.json.measures).toMatchObject([{ measure: 'noise', unit: 'dB(A)', latest: null, points: [] }])
  })
})
