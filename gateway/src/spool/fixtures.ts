/** What the spool's tests share. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Observation, ObservationBatch } from '@hub/contracts'
import { createManualClock, type ManualClock, silentLog } from '@hub/platform'
import { onTestFinished } from 'vitest'
import { createSpool, type Spool, type SpoolOptions } from './spool.ts'

export const gateway = '43040500002000000001'
export const camera = '43040500001310000001'

export const probe = (at: number, more: Partial<Observation> = {}): Observation => ({
  device: camera,
  at,
  kind: 'probe',
  verdict: 'pass',
  rung: 'answers',
  every: 30_000,
  ...more,
})

export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spool-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A spool on a manual clock, and what stands in it. */
export function testSpool(options: Partial<SpoolOptions> & { clock?: ManualClock } = {}) {
  const clock = options.clock ?? createManualClock()
  const path = options.path ?? join(scratchFolder(), 'spool.sqlite')
  const settings = { path, gateway, log: silentLog, maxBytes: 2 ** 30, ...options, clock }
  const spool = createSpool(settings)
  return { spool, clock, path, settings }
}

export const decode = (payload: Uint8Array): ObservationBatch =>
  ObservationBatch.parse(JSON.parse(Buffer.from(payload).toString()))

/** Every batch that waits, decoded, oldest first. */
export const contents = (spool: Spool): ObservationBatch[] =>
  spool.waiting(100_000).map((seq) => decode(spool.payload(seq)!))
