/** Exports of reports. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

export const exportReports = ['uptime', 'intervals', 'kpis', 'scorecards', 'adjustments', 'progress'] as const
export const exportFormats = ['xlsx', 'csv', 'pdf', 'json'] as const
export const ExportRequest = z.strictObject({
  report: z.enum(exportReports),
  format: z.enum(exportFormats),
  language: z.enum(['zh', 'en']).default('zh'),
  /** The query of the report's own route, as text values. */
  query: z
    .record(z.string().max(32), z.union([z.string().max(256), z.array(z.string().max(256)).max(100)]))
    .default({}),
})
export type ExportRequest = z.infer<typeof ExportRequest>
export const exportStatuses = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const
export const ExportJob = z.strictObject({
  id: z.uuid(),
  report: z.enum(exportReports),
  format: z.enum(exportFormats),
  status: z.enum(exportStatuses),
  /** 0 to 1. */
  progress: z.number(),
  rows: z.int(),
  bytes: z.int().nullable(),
  fileName: z.string().nullable(),
  requestedBy: z.string(),
  requestedAt: Instant,
  endedAt: Instant.nullable(),
  /** What failed, in the language of the request. */
  problem: z.string().nullable(),
})
export type ExportJob = z.infer<typeof ExportJob>
export const ExportList = z.strictObject({ jobs: z.array(ExportJob) })
