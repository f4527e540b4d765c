/** What a work order is about, in the reader's language: `祁东县 3 号馈线停电 · 12 台`, `Feeder 3, Qidong · 12 devices`. */
import {
  type Carrier,
  type Cause,
  type CauseKind,
  type DistrictCode,
  districtCodes,
  districts,
  type WorkOrderSubject,
} from '@hub/contracts'

export type Language = 'zh' | 'en'
type Words = Record<Language, string>
/** What failed, and where, when the cause itself says that. */
type Said = { what: string; where?: string }

const carriers: Record<Carrier, Words> = {
  telecom: { zh: '电信', en: 'Telecom' },
  mobile: { zh: '移动', en: 'Mobile' },
  unicom: { zh: '联通', en: 'Unicom' },
  cable: { zh: '广电', en: 'Cable' },
}
/** Of the kinds that are named by their key alone: `交换机 QD-03 中断`, `Switch QD-03`. */
const named: Partial<Record<CauseKind, { zh: string; fails: string; en: string }>> = {
  pole: { zh: '杆件', fails: '失联', en: 'Pole' },
  place: { zh: '同一位置', fails: '失联', en: 'Place' },
  recorder: { zh: '录像机', fails: '失联', en: 'Recorder' },
  switch: { zh: '交换机', fails: '中断', en: 'Switch' },
  cohort: { zh: '常同断的一组', fails: '失联', en: 'Group' },
  subnet: { zh: '网段', fails: '中断', en: 'Subnet' },
  gateway: { zh: '网关', fails: '失联', en: 'Gateway' },
}
const namedDistricts = 2
const codeShape = /^\d{20}$/
/** Twenty digits are too long to be read: the serial number at their end tells them apart. */
const shortened = (key: string): string => (codeShape.test(key) ? `…${key.slice(-6)}` : key)
const districtName = (code: string, language: Language): string =>
  districts.find((d) => d.code === code)?.[language] ?? code

/**
 * A typed subject stays as it was typed. Of a cause the order's own districts and number of devices are said, so that orders of one
 * outage to several units say each its own, and whoever sees a part of an order reads of that part.
 */
export function subjectWords(
  o: { subject: WorkOrderSubject; districts: readonly DistrictCode[]; devices: number },
  language: Language,
): string {
  const { text, cause, device } = o.subject
  if (text !== null) return text
  const { what, where = whereOf(o.districts, language) } = cause
    ? causeOf(cause, device, language)
    : repairOf(device, o.devices, language)
  const counted = cause !== null && (!isLone(cause) || o.devices > 1)
  const count = language === 'zh' ? `${o.devices} 台` : `${o.devices} device${o.devices === 1 ? '' : 's'}`
  const head = language === 'zh' ? placed(where, what) : [what, where].filter(Boolean).join(', ')
  return counted ? `${head} · ${count}` : head
}

const isLone = ({ kind }: Cause): boolean => kind === 'device' || kind === 'flapping'

function causeOf(cause: Cause, device: string | null, language: Language): Said {
  const zh = language === 'zh'
  const { kind, key } = cause
  const cut = key.lastIndexOf('/')
  const [before, after] = [key.slice(0, cut), key.slice(cut + 1)]
  switch (kind) {
    case 'device':
    case 'flapping': {
      const name = device ?? shortened(key)
      if (kind === 'flapping') return { what: zh ? `${name}时断时续` : `${name} comes and goes` }
      return { what: zh ? `${name}失联` : `${name} is out` }
    }
    case 'other':
      return { what: key }
    case 'feed':
      return { what: feedOf(key, zh) }
    case 'port':
      if (cut < 0) return { what: zh ? `交换机端口 ${key} 中断` : `Switch port ${key}` }
      return { what: zh ? `交换机 ${before} 端口 ${after} 中断` : `Switch ${before} port ${after}` }
    case 'line': {
      const carrier = carriers[before as Carrier]?.[language] ?? before
      return { what: zh ? `${carrier}专线中断` : `${carrier} line`, where: districtName(after, language) }
    }
    case 'district':
      return { what: zh ? '全域失联' : 'Whole district', where: districtName(key, language) }
    default: {
      const { zh: name, fails, en } = named[kind] ?? { zh: '', fails: '失联', en: '' }
      return { what: zh ? `${name} ${shortened(key)} ${fails}` : `${en} ${shortened(key)}` }
    }
  }
}

/** `3` and `3 号馈线` are the third feeder; what has a Chinese name is called by it. */
function feedOf(key: string, zh: boolean): string {
  const number = /^(.*?\D)?(\d+)\s*号馈线$/.exec(key) ?? /^()(\d+)$/.exec(key)
  if (number) {
    const [, of = '', n] = number
    return zh
      ? `${of}${of && !of.endsWith(' ') ? ' ' : ''}${n} 号馈线停电`
      : [`Feeder ${n}`, of.trim()].filter(Boolean).join(' of ')
  }
  if (!zh) return `Power feed ${key}`
  return /\p{Script=Han}/u.test(key) ? `${key}停电` : `供电线路 ${key} 停电`
}

function repairOf(device: string | null, devices: number, language: Language): Said {
  if (language === 'zh') return { what: device === null ? `${devices} 台设备报修` : `${device}报修` }
  return { what: device === null ? `Repair of ${devices} devices` : `Repair of ${device}` }
}

/** At most two by name; all of them are the whole city. */
function whereOf(codes: readonly DistrictCode[], language: Language): string {
  const zh = language === 'zh'
  if (codes.length >= districtCodes.length) return zh ? '全市' : 'whole city'
  const names = codes.slice(0, namedDistricts).map((code) => districtName(code, language))
  const more = codes.length - names.length
  if (more > 0) return zh ? `${names.join('、')}等 ${codes.length} 个区县` : `${names.join(', ')} and ${more} more`
  return names.join(zh ? '、' : ', ')
}

/** A thing that has its district in its name says it once. */
const placed = (where: string, what: string): string =>
  where === '' || what.startsWith(where) ? what : `${where} ${what}`
