/** The districts of the city. Source: GB/T 2260. */
import { z } from 'zod'

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
