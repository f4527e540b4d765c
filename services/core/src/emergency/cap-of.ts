/** A public alert made of an incident. */
import { type CapAlert, type CapArea, type CapInfo, type CapMsgType, districts, type IncidentRow } from '@hub/contracts'
import { districtShapes } from '../common/geo/districts.ts'
import { hourMs } from '../common/time/units.ts'
import { type CapReference, capTime, referenceText } from './cap.ts'
import { capEvents } from './cap-words.ts'

export type CapOptions = {
  msgType: CapMsgType
  sender: string
  senderName: string
  identifier: string
  sent: number
  /** Those of this incident that it updates or cancels. */
  references: readonly CapReference[]
  /** Around the point; an incident without one warns its district. */
  radiusMetres: number
  expiresHours: number
  instruction?: { zh: string; en: string } | undefined
}
export type WarnedIncident = Pick<
  IncidentRow,
  'number' | 'drill' | 'title' | 'type' | 'level' | 'warning' | 'status' | 'district' | 'address' | 'point'
>

/** Of 35 in a second the first that is free: digits, then letters. */
const serials = '123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** GB/T 35965.1: `ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N`, of the 14 characters of the publisher. Undefined: the second is full. */
export function capIdentifier(publisher: string, sent: number, isTaken: (one: string) => boolean): string | undefined {
  const stamp = capTime(sent).slice(0, 19).replace(/\D/g, '')
  return [...serials].map((serial) => `${publisher}_${stamp}_${serial}`).find((one) => !isTaken(one))
}

const severities = ['Unknown', 'Extreme', 'Severe', 'Moderate', 'Minor'] as const
const levels = ['', 'I', 'II', 'III', 'IV']
const levelWords = ['', '特别重大（I 级）', '重大（II 级）', '较大（III 级）', '一般（IV 级）']
const msgWords = { Alert: ['预警', 'Warning'], Update: ['更新', 'Update'], Cancel: ['解除', 'Cancelled'] } as const

/** Passes `capFaults`, and the schema. */
export function capOf(incident: WarnedIncident, options: CapOptions): CapAlert {
  const { msgType, sender, identifier, sent, references } = options
  return {
    identifier,
    sender,
    sent: capTime(sent),
    status: incident.drill ? 'Exercise' : 'Actual',
    msgType,
    scope: 'Public',
    ...(references.length > 0 && { references: references.map(referenceText).join(' ') }),
    incidents: incident.number,
    info: [infoOf(incident, options, 'zh'), infoOf(incident, options, 'en')],
  }
}

function infoOf(incident: WarnedIncident, options: CapOptions, language: 'zh' | 'en'): CapInfo {
  const { msgType, sent, expiresHours, senderName, instruction } = options
  const zh = language === 'zh'
  const event = capEvents[incident.type]
  const isCancel = msgType === 'Cancel'
  const wasSeen = incident.status !== 'received'
  const district = districts.find(({ code }) => code === incident.district)!
  const level = incident.level ?? 0
  const drill = incident.drill ? (zh ? '【演练】' : '[Exercise] ') : ''
  const [zhWord, enWord] = msgWords[msgType]
  const where = zh
    ? `${district.zh}${incident.address}`
    : `${district.en}${incident.address && ` (${incident.address})`}`
  const graded = level === 0 ? '' : zh ? `，${levelWords[level]}` : `, level ${levels[level]}`
  return {
    language: zh ? 'zh-CN' : 'en-US',
    category: [event.category],
    event: event[language],
    ...(isCancel && { responseType: ['AllClear'] }),
    urgency: isCancel ? 'Past' : wasSeen ? 'Immediate' : 'Unknown',
    severity: severities[level] ?? 'Unknown',
    certainty: wasSeen ? 'Observed' : 'Possible',
    effective: capTime(sent),
    expires: capTime(sent + expiresHours * hourMs),
    senderName,
    headline: zh ? `${drill}${zhWord}：${incident.title}` : `${drill}${enWord}: ${event.en}, ${district.en}`,
    description: zh
      ? `${drill}${incident.title}。${where}${graded}。事件编号 ${incident.number}。`
      : `${drill}${event.en} at ${where}${graded}. Incident ${incident.number}.`,
    ...(instruction && { instruction: instruction[language] }),
    ...(incident.warning && { parameter: [{ valueName: 'warningColour', value: incident.warning }] }),
    area: [areaOf(incident, options, zh)],
  }
}

function areaOf({ district, point, address }: WarnedIncident, { radiusMetres }: CapOptions, zh: boolean): CapArea {
  const { zh: zhName, en } = districts.find(({ code }) => code === district)!
  const geocode = [{ valueName: 'GB/T 2260', value: district }]
  if (point) {
    const centre = `${point.latitude.toFixed(6)},${point.longitude.toFixed(6)}`
    const km = radiusMetres / 1_000
    const areaDesc = zh ? `${zhName}${address}周边 ${km} 公里` : `${km} km around ${address || en}, ${en}`
    return { areaDesc, circle: [`${centre} ${km}`], geocode }
  }
  const ring = districtShapes.find(({ properties }) => properties.code === district)!.geometry.coordinates[0]
  const closed = ring.map(([longitude, latitude]) => `${latitude},${longitude}`).join(' ')
  return { areaDesc: zh ? `${zhName}（示意边界）` : `${en} (schematic border)`, polygon: [closed], geocode }
}
