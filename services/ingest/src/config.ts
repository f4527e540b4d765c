/** What ingest reads of the configuration. */
import { defaultLagPolicy, type LagPolicy, maxConfirm, secondMs } from '@hub/core'
import type { ConfigOf, PlatformConfig } from '@hub/platform'
import { z } from 'zod'

/** Core remembers as many results of a streak (`maxConfirm`). */
const count = z.int().min(1).max(maxConfirm)

export const ingestConfig = {
  'policy.health': z
    .strictObject({
      /** How many probes in a row must agree before a state is believed. */
      confirm: z
        .strictObject({
          up: count.default(1),
          degraded: count.default(2),
          down: count.default(3),
          unknown: count.default(1),
        })
        .prefault({}),
      /** Evidence is stale after this many missed probes. */
      staleAfter: z.int().min(1).max(100).default(3),
      /** Periods that differ by less than this share are held to be one (core/ingest/runs); 0: to the millisecond. */
      periodTolerance: z.number().min(0).max(0.5).default(0.1),
    })
    .prefault({}),
  'policy.evidence': z
    .strictObject({
      /** Batches that their gateway has not signed: from a program of before, or from whoever has its password alone. */
      unsigned: z.enum(['taken', 'refused']).default('taken'),
    })
    .prefault({}),
  /** When the hub holds itself to be behind, and what it does then: see core/ingest/behind. */
  'policy.behind': z
    .strictObject({
      /** Behind from so old data on… */
      aboveSeconds: z.number().min(1).max(3_600).default(15),
      /** …and no longer once it has been younger than this… */
      belowSeconds: z.number().min(0.5).max(3_600).default(3),
      /** …for so long. */
      calmSeconds: z.number().min(0).max(3_600).default(10),
      /** After the hub was held up gateways get so long to come back with what they hold. */
      graceSeconds: z.number().min(0).max(3_600).default(60),
    })
    .refine(({ belowSeconds, aboveSeconds }) => belowSeconds < aboveSeconds, {
      path: ['belowSeconds'],
      message: 'must be less than aboveSeconds',
    })
    .prefault({}),
  retention: z
    .strictObject({
      /** A month's figures are settled so many days after its end, when its spools are in. */
      settleDays: z.number().min(0).max(366).default(10),
      /**
       * A settled month may be disputed for so many days. Until then its raw observations are kept, and late ones are taken in; older ones
       * are refused: the past they belong to can no longer be derived again.
       */
      disputeDays: z.number().min(0).max(3_650).default(45),
      /** Raw observations are kept for so many days instead, whatever the months say. */
      rawDays: z.number().min(1).max(3_650).optional(),
      /** What observations said in a row, and its digest for ever: three years, the limitation of civil claims (民法典 188). */
      evidenceDays: z.number().min(1).max(36_500).default(1_100),
      /** Newest dead letters that stay, and their bytes together. */
      deadLetters: z
        .strictObject({
          most: z.int().min(1).max(1_000_000).default(10_000),
          megabytes: z.number().min(0.1).max(100_000).default(20),
        })
        .prefault({}),
    })
    .prefault({}),
}
export type IngestConfig = PlatformConfig & ConfigOf<typeof ingestConfig>

export const lagPolicyOf = ({ behind }: IngestConfig['policy']): LagPolicy => ({
  ...defaultLagPolicy,
  aboveMs: behind.aboveSeconds * secondMs,
  belowMs: behind.belowSeconds * secondMs,
  calmMs: behind.calmSeconds * secondMs,
  graceMs: behind.graceSeconds * secondMs,
})
