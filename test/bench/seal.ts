/**
 * `npm run bench -- seal [batches]`: what the seal of a batch costs, CPU of one core: the gateway's signing of what it sends, and the centre's
 * check with the digest that stays. A batch has 60 observations, a second of 1,800 cameras probed each 30 s.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Observation } from '@hub/contracts'
import { openSealer } from '../../gateway/src/seal/sealer.ts'
import { encode, pack } from '../../gateway/src/spool/pack.ts'
import { sealOf } from '../../services/ingest/src/batch-seal.ts'

const batches = Number(process.argv[2] ?? 3_000)
const gateway = '43040500002000000001'
const observations = 60
const probe = (n: number): Observation => ({
  device: `43040500001320${String(n).padStart(6, '0')}`,
  at: 1_790_000_000_000,
  kind: 'probe',
  verdict: 'pass',
  rung: 'decodes',
  every: 30_000,
})
const part = Array.from({ length: observations }, (_, n) => encode(probe(n)))

/** Microseconds a call. */
function cpuOf(work: () => unknown): number {
  for (let n = 0; n < batches / 10; n++) work()
  const before = process.cpuUsage()
  for (let n = 0; n < batches; n++) work()
  const { user, system } = process.cpuUsage(before)
  return Math.round((10 * (user + system)) / batches) / 10
}

const folder = mkdtempSync(join(tmpdir(), 'bench-seal-'))
try {
  const sealer = openSealer(folder, gateway)
  sealer.want()
  const name = { epoch: 1, seq: 1 }
  const stored = { epoch: 1, ...pack({ gateway, ...name }, part) }
  const message = sealer.seal(stored)
  const { seal } = JSON.parse(message.toString())
  const sign = cpuOf(() => sealer.seal(stored))
  const check = cpuOf(() => sealOf(message, seal, { gateway, ...name }))
  const unsigned = cpuOf(() => sealOf(stored.payload, undefined, { gateway, ...name }))
  const perObservation = Math.round((100 * check) / observations) / 100
  console.log(
    JSON.stringify({
      bench: 'seal',
      sign_us_per_batch: sign,
      check_us_per_batch: check,
      digest_us_per_unsigned_batch: unsigned,
      check_us_per_observation: perObservation,
      bytes_added: message.length - stored.payload.length,
    }),
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
