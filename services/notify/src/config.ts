/** Who is told of what, when, and by which way. */
import { type ConfigOf, configPart, type PlatformConfig } from '@hub/platform'
import { z } from 'zod'
import { Channel } from './channels/table.ts'

export const notifyConfig = {
  /** When failures are told of. */
  ...configPart('policy.outages', {
    /** A cause behind which several failed is told of after so long; a device by itself after so long. */
    groupHoldSeconds: z.number().min(0).max(3_600).default(60),
    deviceHoldSeconds: z.number().min(0).max(86_400).default(300),
    /** From so many devices on an outage is told of by itself, one of high importance from two; smaller ones are told of together… */
    ownNoticeDevices: z.int().min(2).max(10_000).default(5),
    /** …so often… */
    digestMinutes: z.number().min(1).max(1_440).default(240),
    /** …in these hours of the day (Asia/Shanghai), both ends included. Null: day and night. */
    digestHours: z
      .strictObject({ from: z.int().min(0).max(23), to: z.int().min(1).max(24) })
      .refine(({ from, to }) => from < to, { message: 'must begin before it ends' })
      .nullable()
      .default({ from: 8, to: 20 }),
    /** Outside these hours (Asia/Shanghai) only what is of high importance is told at once; the rest waits for the morning. Absent: always. */
    hours: z.strictObject({ from: z.int().min(0).max(23), to: z.int().min(1).max(24) }).optional(),
  }),
  channels: z.array(Channel).max(100).default([]),
}
export type NotifyConfig = PlatformConfig & ConfigOf<typeof notifyConfig>
