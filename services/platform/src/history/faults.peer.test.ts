/**
 * A real InfluxDB that dies, fills up, dawdles and lies. Whatever it does: what was offered ends up stored, of each point what was
 * written last, once; and the hub's memory does not grow with what waits.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../../../../test/support/need.ts'
import { openInfluxHistory } from './influxdb/history.ts'
import { telemetryRow } from './rows.ts'
import { createInfluxd } from './testing/influxd.ts'
import { forever, openTestJournal } from './testing/journal.ts'
import { createOffers, heldBy, inWords } from './testing/offers.ts'
import { createDrip, createLiar } from './testing/proxies.ts'

type Influxd = Awaited<ReturnType<typeof createInfluxd>>

describeWith('a real InfluxDB', ['influxd'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'influx-faults-'))
  let influxd: Influxd
  let databases = 0
  const cleanups: (() => unknown)[] = []
  const open = (url: string, options: { settleMs?: number; timeoutMs?: number; maxBytes?: number } = {}) => {
    const database = `faults_${++databases}`
    const store = openInfluxHistory({ url, version: 1, database, keep: forever, timeoutMs: options.timeoutMs ?? 2_000 })
    const journal = openTestJournal(store, { settleMs: 500, ...options })
    cleanups.push(journal.close)
    return { ...journal, database }
  }
  const holds = async (server: Influxd, database: string, expected: ReturnType<typeof createOffers>['expected']) => {
    const held = await heldBy(server, database)
    const words = inWords(expected)
    expect(held.size).toBe(words.size)
    expect([...words].filter(([key, value]) => held.get(key) !== value)).toEqual([])
  }

  beforeAll(async () => {
    influxd = await createInfluxd(folder)
    await influxd.start()
  })
  afterEach(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean()
  })
  afterAll(async () => {
    await influxd.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('killed again and again while it is written to holds all of it in the end', async () => {
    const { history, empty, database } = open(influxd.url)
    const offers = createOffers(1)
    for (let round = 0; round < 3; round++) {
      await offers.offer(history, 1_500)
      await sleep(round * 40)
      await influxd.kill()
      await offers.offer(history, 1_500)
      await influxd.start()
    }
    await offers.offer(history, 500)
    await empty()
    await influxd.kill()
    await influxd.start()
    await holds(influxd, database, offers.expected)
  })

  it('that is down for long costs disk, not memory, is told to be stale, and catches up', async () => {
    const { history, empty, waiting, database } = open(influxd.url)
    const offers = createOffers(2)
    await offers.offer(history, 1_000)
    await empty()
    await influxd.stop()
    const before = process.memoryUsage().rss
    for (let round = 0; round < 6; round++) await offers.offer(history, 2_000)
    await sleep(1_100)
    expect(waiting('open')).toBeGreaterThan(9_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(120e6)
    await expect(history.ready()).rejects.toMatchObject({ code: 'history.unavailable' })
    await influxd.start()
    await expect(history.ready()).rejects.toMatchObject({ code: 'history.stale' })
    await empty()
    await history.ready()
    await holds(influxd, database, offers.expected)
  })

  it('whose writes are answered with 204 and lost, then with 503, is written to again until it gives all of it back', async () => {
    const liar = await createLiar(influxd.url)
    cleanups.push(liar.close)
    const { history, empty, waiting, figure, database } = open(liar.url)
    const offers = createOffers(3)
    await offers.offer(history, 1_000)
    liar.state.manner = 'lie'
    await offers.offer(history, 1_000)
    await expect.poll(() => liar.state.swallowed, { timeout: 30_000 }).toBeGreaterThan(0)
    expect(waiting('open')).toBeGreaterThan(0)
    liar.state.manner = 'fail'
    await offers.offer(history, 1_000)
    await sleep(1_000)
    liar.state.manner = 'honest'
    await empty()
    expect(await figure('hub_history_journal_rewritten_total')).toBeGreaterThan(0)
    await holds(influxd, database, offers.expected)
  })

  it('behind a proxy that takes only small requests gets all of it in parts', async () => {
    const liar = await createLiar(influxd.url)
    cleanups.push(liar.close)
    const { history, empty, parked, database } = open(liar.url)
    const offers = createOffers(8)
    Object.assign(liar.state, { manner: 'small', mostBytes: 4_000 })
    await offers.offer(history, 3_000)
    await empty()
    expect(liar.state.swallowed).toBeGreaterThan(0)
    expect(parked).toEqual([])
    await holds(influxd, database, offers.expected)
  })

  it('that answers 500 because of one line gets all the others; the line is shown to people', {
    timeout: 90_000,
  }, async () => {
    const liar = await createLiar(influxd.url)
    cleanups.push(liar.close)
    const { history, waiting, parked, database } = open(liar.url)
    const offers = createOffers(9)
    const poison = { device: '43040599991320000666', district: '430405', measure: 'pm25', at: Date.now(), value: 1 }
    Object.assign(liar.state, { manner: 'poison', poison: poison.device })
    const others = Array.from({ length: 500 }, (_, n) => ({
      ...poison,
      device: `4304059999132${String(n).padStart(7, '0')}`,
    }))
    await history.writeTelemetry([...others.slice(0, 250), poison, ...others.slice(250)])
    for (const point of others) offers.expected.set(`telemetry ${point.at} ${point.device} pm25`, telemetryRow(point))
    await offers.offer(history, 1_000)
    await expect.poll(() => waiting(), { timeout: 60_000 }).toBe(1)
    expect(parked).toMatchObject([{ source: 'history/telemetry', reason: expect.stringContaining('500') }])
    expect(Buffer.from(parked[0]!.payload).toString()).toContain(poison.device)
    await holds(influxd, database, offers.expected)
  })

  it('that loses what it has given back once is found out by the second reading', async () => {
    const { history, empty, readBack, figure, database } = open(influxd.url, { settleMs: 1_500 })
    const offers = createOffers(4)
    await offers.offer(history, 800)
    await readBack()
    await influxd.ask(database, '', 'DELETE FROM uptime_5m')
    await empty()
    expect(await figure('hub_history_journal_rewritten_total')).toBeGreaterThan(500)
    await holds(influxd, database, offers.expected)
  })

  it('that is slower than anybody waits gets all of it when it is fast again', async () => {
    const drip = await createDrip(influxd.url)
    cleanups.push(drip.close)
    const { history, empty, waiting, database } = open(drip.url, { timeoutMs: 400 })
    const offers = createOffers(5)
    await offers.offer(history, 200)
    drip.state.everyMs = 300
    await offers.offer(history, 3_000)
    await sleep(2_000)
    expect(waiting('open')).toBeGreaterThan(0)
    drip.state.everyMs = 0
    await empty()
    await holds(influxd, database, offers.expected)
  })

  it('that is down for longer than the journal is big costs no more disk than allowed, and says what it turns away', async () => {
    const { history, figure, empty, database } = open(influxd.url, { maxBytes: 2_000_000 })
    const offers = createOffers(6)
    await influxd.stop()
    const offer = async () => {
      for (;;) await offers.offer(history, 2_000)
    }
    await expect(offer()).rejects.toMatchObject({ code: 'history.unavailable' })
    expect(await figure('hub_history_journal_turned_away_total')).toBeGreaterThan(0)
    await influxd.start()
    await empty()
    const held = await heldBy(influxd, database)
    for (const key of inWords(offers.expected).keys()) expect(held.has(key)).toBe(true)
    await offers.offer(history, 100)
  })

  describeWith('on a small disk', ['small disk'], () => {
    it('that is full, and is freed, holds all of it, though it loses at its next start what it had given back', async () => {
      const disk = join(folder, 'disk')
      mkdirSync(disk)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk], { stdio: 'pipe' })
      cleanups.push(() => execFileSync('umount', ['-l', disk]))
      const own = mkdtempSync(join(folder, 'full-'))
      const full = await createInfluxd(own, disk)
      cleanups.push(full.stop)
      await full.start()
      const { history, empty, readBack, waiting, database } = open(full.url, { settleMs: 6_000 })
      const offers = createOffers(7)
      await offers.offer(history, 1_000)
      await empty()
      const ballast = join(disk, 'ballast')
      const fill = () => {
        for (const size of [1e6, 1e4, 1e2])
          try {
            for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' })
          } catch {}
      }
      fill()
      for (let round = 0; round < 2; round++) await offers.offer(history, 1_500)
      await sleep(2_500)
      expect(waiting('open')).toBeGreaterThan(0)
      rmSync(ballast)
      // 1.6.7 goes on refusing when there is room again (measured: for a minute at least): it wants to be started anew. What it
      // takes then lies behind a torn entry of its log, is given back, and is lost at the next start.
      await full.kill()
      await full.start()
      await readBack()
      await full.kill()
      await full.start()
      await empty()
      await holds(full, database, offers.expected)
    })
  })
})
