/** How far back the trend of the overview goes, as part of its address. Pure. */
import { oneOf, type Query } from '../../router/address.ts'

export const trends = ['24h', '30d'] as const
export type TrendLength = (typeof trends)[number]

export const parseTrend = (query: URLSearchParams): TrendLength => oneOf(query, 'trend', trends) ?? '24h'
export const formatTrend = (trend: TrendLength): Query => ({ trend: trend === '24h' ? null : trend })
