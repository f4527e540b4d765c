/** Codes that name things: devices, carriers, applications. Source: GB/T 28181-2022 annex E. */

import { z } from 'zod'
import { limitText } from '../errors/limits.ts'
import { type DistrictCode, districtCodes } from './geo.ts'

export const carriers = ['telecom', 'mobile', 'unicom', 'cable'] as const
export const Carrier = z.enum(carriers)
export type Carrier = z.infer<typeof Carrier>

/** A unit that repairs: a carrier or maintainer, by the name that work orders and the camera record give it (中国电信衡阳分公司). */
export const Unit = z.string().trim().min(1).max(128)

export const applications = ['safe-city', 'traffic', 'urban', 'emergency', 'environment'] as const
/** The five applications of Digital Hengyang: 平安城市, 智能交通, 数字城管, 应急指挥, 数字环保. */
export const Application = z.enum(applications)
export type Application = z.infer<typeof Application>

/** 20-digit device code: centre 8 + industry 2 + type 3 + network 1 + serial 6 (GB/T 28181-2022 annex E). */
export const DeviceId = z.string().regex(/^\d{20}$/, limitText('twenty-digits'))
export type DeviceId = z.infer<typeof DeviceId>

/** A gateway's code has the same shape as a device's. */
export const GatewayId = DeviceId.describe('20-digit gateway code')
export type GatewayId = DeviceId

export const deviceKinds = ['camera', 'sensor'] as const
export const DeviceKind = z.enum(deviceKinds)
export type DeviceKind = z.infer<typeof DeviceKind>

/** The registered district of a code: its first six digits. Undefined when they are no district of Hengyang. */
export const districtOf = (id: DeviceId): DistrictCode | undefined =>
  districtCodes.find((code) => code === id.slice(0, 6))
