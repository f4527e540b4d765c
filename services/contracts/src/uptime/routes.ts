/** Routes: rates, figures, exemptions and corrections. */
import { z } from 'zod'
import { byCode, byUuid } from '../common/params.ts'
import { Period } from '../common/period.ts'
import type { Route } from '../route.ts'
import { Adjustment, AdjustmentDecision, AdjustmentEffect, AdjustmentRequest, AdjustmentStatus } from './adjustment.ts'
import { AdjustmentKind } from './adjustment-kind.ts'
import { DeviceIntervals } from './device-intervals.ts'
import { JudgingVersions } from './judging.ts'
import { KpiQuery, KpiReport } from './kpi.ts'
import {
  UptimeChanges,
  UptimeChangesQuery,
  UptimeQuery,
  UptimeReport,
  UptimeSeries,
  UptimeSeriesQuery,
} from './uptime.ts'

export const uptimeRoutes = {
  uptime: {
    method: 'get',
    path: '/uptime',
    summary: 'Online rate and the four kinds of time over any period, by any attribute',
    needs: 'view',
    query: UptimeQuery,
    response: UptimeReport,
  },
  uptimeSeries: {
    method: 'get',
    path: '/uptime/series',
    summary: 'Online rate over time: trend and calendar',
    needs: 'view',
    query: UptimeSeriesQuery,
    response: UptimeSeries,
  },
  uptimeChanges: {
    method: 'get',
    path: '/uptime/changes',
    summary:
      'What of a period is known otherwise now than at an instant, device by device, and why (at most 500 devices)',
    needs: 'view',
    query: UptimeChangesQuery,
    response: UptimeChanges,
  },
  kpis: {
    method: 'get',
    path: '/kpis',
    summary: 'The figures the city reports, each with numerator, denominator, exclusions and policy',
    needs: 'oversee',
    query: KpiQuery,
    response: KpiReport,
  },
  judging: {
    method: 'get',
    path: '/judging',
    summary: 'Versions of the rules by which states and scores are judged, each from when it holds',
    needs: 'view',
    response: JudgingVersions,
  },
  intervals: {
    method: 'get',
    path: '/devices/{id}/intervals',
    summary: 'States of a device over a period (default: the last 24 h)',
    needs: 'view',
    params: byCode,
    query: Period,
    response: DeviceIntervals,
  },
  adjustments: {
    method: 'get',
    path: '/adjustments',
    summary: 'Exemptions and corrections, newest first',
    needs: 'oversee',
    query: z.strictObject({
      status: AdjustmentStatus.optional(),
      kind: AdjustmentKind.optional(),
    }),
    response: z.array(Adjustment),
  },
  deviceAdjustments: {
    method: 'get',
    path: '/devices/{id}/adjustments',
    summary: 'Exemptions and corrections that cover a device at some time, newest first; other devices are not named',
    needs: 'view',
    params: byCode,
    response: z.array(Adjustment),
  },
  requestAdjustment: {
    method: 'post',
    path: '/adjustments',
    summary: 'Apply for an exemption or a correction',
    needs: 'registry',
    body: AdjustmentRequest,
    response: Adjustment,
  },
  previewAdjustment: {
    method: 'post',
    path: '/adjustments/preview',
    summary: 'What an exemption or correction would do to the figures',
    needs: 'registry',
    body: AdjustmentRequest,
    response: AdjustmentEffect,
  },
  adjustmentEffect: {
    method: 'get',
    path: '/adjustments/{id}/effect',
    summary: 'Before and after of an exemption or correction',
    needs: 'oversee',
    params: byUuid,
    response: AdjustmentEffect,
  },
  decideAdjustment: {
    method: 'post',
    path: '/adjustments/{id}/decision',
    summary: 'Approve, reject or withdraw',
    needs: 'registry',
    params: byUuid,
    body: AdjustmentDecision,
    response: Adjustment,
  },
} as const satisfies Record<string, Route>
