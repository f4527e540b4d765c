/** What emergency reads of the configuration. */
import { DistrictCode, intakeSources, type LimitedStep } from '@hub/contracts'
import type { IncidentLimits, MinutesByLevel } from '@hub/core'
import { type ConfigOf, configPart, type PlatformConfig } from '@hub/platform'
import { z } from 'zod'

const Minutes = z.number().min(0).max(525_600)
/** Minutes at levels I, II, III, IV. What is not graded yet is held to level I. */
const byLevel = (...minutes: MinutesByLevel) => z.tuple([Minutes, Minutes, Minutes, Minutes]).default([...minutes])

/** Limits of the steps. The worse the level, the shorter; what follows the end may take days. */
const Limits = z.strictObject({
  verify: byLevel(5, 5, 10, 15),
  grade: byLevel(10, 10, 15, 30),
  dispatch: byLevel(5, 5, 10, 15),
  sign: byLevel(3, 3, 5, 10),
  depart: byLevel(5, 5, 10, 15),
  arrive: byLevel(30, 30, 45, 60),
  end: byLevel(1_440, 1_440, 720, 480),
  review: byLevel(4_320, 4_320, 7_200, 10_080),
  archive: byLevel(10_080, 10_080, 14_400, 20_160),
} satisfies Record<LimitedStep, z.ZodType>)

/** A control room that reports by `POST /intake/{source}`. */
const Sender = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a–z, 0–9, -'),
  source: z.enum(intakeSources),
  /** Of its own: nobody else signs with it. */
  key: z.string().min(32).max(256),
  /** Absent: of the whole city. */
  districts: z.array(DistrictCode).min(1).optional(),
})
export type Sender = z.infer<typeof Sender>

export const emergencyConfig = configPart('emergency', {
  /** Which duty unit answers for an incident that nobody handed over. */
  duty: z.string().trim().min(1).max(128).default('市应急指挥中心'),
  /** Public alerts (CAP 1.2). */
  cap: z
    .strictObject({
      /** Who publishes; absent: nothing is published. */
      sender: z
        .strictObject({
          /** Known to be of one publisher, as a domain is: `hengyang.example`. */
          id: z.string().regex(/^[^\s,<&]{1,64}$/, 'must be 1 to 64 characters without space, comma, < and &'),
          name: z.string().trim().min(1).max(128),
          /** The first 14 characters of its identifiers (GB/T 35965.1): division, department, unit, kind. */
          publisher: z.string().regex(/^\d{6}[0-9A-Z]{8}$/, 'must be 6 digits and 8 of 0–9, A–Z'),
        })
        .optional(),
      /** Around the point of an incident, where the one who publishes says nothing. */
      radiusMetres: z.number().int().min(50).max(100_000).default(1_000),
      expiresHours: z.number().min(1).max(720).default(24),
      /** An alert joins an open incident of its type, so near and so fresh. */
      join: z
        .strictObject({
          metres: z.number().min(1).max(20_000).default(2_000),
          minutes: z.number().min(1).max(10_080).default(120),
        })
        .prefault({}),
    })
    .prefault({}),
  linkage: z
    .strictObject({
      /** What is older when it comes sets no rule off. */
      lateMinutes: z.number().min(0).max(1_440).default(10),
    })
    .prefault({}),
  limits: z
    .strictObject({
      minutes: Limits.prefault({}),
      /** Share of a limit after which it is near. */
      yellowShare: z.number().min(0).max(1).default(0.8),
      provenance: z.string().max(256).default('参考值，非法定时限；以本市应急预案的规定为准'),
    })
    .prefault({}),
  /** Each id once. */
  senders: z
    .array(Sender)
    .max(100)
    .default([])
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'has an id twice'),
})
export type EmergencyConfig = PlatformConfig & ConfigOf<typeof emergencyConfig>

export const limitsOf = ({ emergency }: Pick<EmergencyConfig, 'emergency'>): IncidentLimits => emergency.limits
