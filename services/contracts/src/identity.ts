/** Codes that name things: devices, districts, carriers, applications. Source: GB/T 28181-2022 annex E, GB/T 2260. */
import { z } from 'zod'

/** UTC milliseconds since 1970. Every time on the wire and in a store has this unit. */
export const Instant = z.int().min(0).max(8_640_000_000_000_000)
export type Instant = z.infer<typeof Instant>

export const districts = [
  { code: '430405', zh: '珠晖区', en: 'Zhuhui', centre: [112.6206, 26.8946] },
  { code: '430406', zh: '雁峰区', en: 'Yanfeng', centre: [112.6066, 26.8976] },
  { code: '430407', zh: '石鼓区', en: 'Shigu', centre: [112.6026, 26.9076] },
  { code: '430408', zh: '蒸湘区', en: 'Zhengxiang', centre: [112.5656, 26.8946] },
  { code: '430412', zh: '南岳区', en: 'Nanyue', centre: [112.7286, 27.2447] },
  { code: '430421', zh: '衡阳县', en: 'Hengyang County', centre: [112.3746, 26.9657] },
  { code: '430422', zh: '衡南县', en: 'Hengnan', centre: [112.6716, 26.7436] },
  { code: '430423', zh: '衡山县', en: 'Hengshan', centre: [112.8645, 27.2387] },
  { code: '430424', zh: '衡东县', en: 'Hengdong', centre: [112.9445, 27.0876] },
  { code: '430426', zh: '祁东县', en: 'Qidong', centre: [112.1056, 26.7907] },
  { code: '430481', zh: '耒阳市', en: 'Leiyang', centre: [112.8416, 26.4176] },
  { code: '430482', zh: '常宁市', en: 'Changning', centre: [112.3916, 26.4107] },
] as const

export type DistrictCode = (typeof districts)[number]['code']
export const districtCodes = districts.map((d) => d.code) as unknown as readonly [DistrictCode, ...DistrictCode[]]
/** 6-digit division code of one of the twelve county-level divisions of Hengyang. */
export const DistrictCode = z.enum(districtCodes)

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
export const DeviceId = z.string().regex(/^\d{20}$/, 'must be 20 digits')
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

/** Which districts a viewer may see. `'city'` is all of them. Every query takes one. */
export type Scope = 'city' | readonly DistrictCode[]

export const inScope = (scope: Scope, district: string): boolean =>
  scope === 'city' || (scope as readonly string[]).includes(district)
