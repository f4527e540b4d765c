/** The form of a new incident: what is typed, what is wrong with it, and what is sent. Pure. */
import {
  type DistrictCode,
  districts,
  type GeoPoint,
  type IncidentClass,
  type IncidentType,
  incidentClasses,
  incidentTypes,
  type NewIncident,
} from '@hub/contracts'
import { initialsOf } from '../../lib/pinyin.ts'

export type Form = {
  drill: boolean
  type: IncidentType | null
  level: number | null
  title: string
  /** As it was typed: an address, unless a device or a point says more. */
  address: string
  device: string | null
  point: GeoPoint | null
  district: DistrictCode | null
  callerName: string
  callerPhone: string
  dead: number
  injured: number
  missing: number
  description: string
}
export type Fault = 'type' | 'place' | 'district' | 'phone'

export const emptyForm = (district: DistrictCode | null): Form => ({
  drill: false,
  type: null,
  level: null,
  title: '',
  address: '',
  device: null,
  point: null,
  district,
  callerName: '',
  callerPhone: '',
  dead: 0,
  injured: 0,
  missing: 0,
  description: '',
})

export const classOf = (type: IncidentType): IncidentClass =>
  incidentClasses.find((one) => (incidentTypes[one] as readonly string[]).includes(type)) ?? 'accident'

/** The district that an address begins with or names. */
export const districtIn = (address: string): DistrictCode | null =>
  districts.find(({ zh }) => address.includes(zh) || address.includes(zh.slice(0, -1)))?.code ?? null

/** Types whose word, first letters or English word begin with what is typed, before those that only have it. */
export function typesLike(
  typed: string,
  word: (type: IncidentType) => string,
  english: (type: IncidentType) => string,
): IncidentType[] {
  const wanted = typed.trim().toLowerCase()
  const all = incidentClasses.flatMap((one): readonly IncidentType[] => incidentTypes[one])
  const rank = (type: IncidentType) => {
    const texts = [word(type).toLowerCase(), initialsOf(word(type)), english(type).toLowerCase(), type]
    if (texts.some((text) => text.startsWith(wanted))) return 0
    return texts.some((text) => text.includes(wanted)) ? 1 : 2
  }
  return all.filter((type) => rank(type) < 2).toSorted((a, b) => rank(a) - rank(b))
}

/** By field; an empty record: it can be sent. */
export function faultsOf(form: Form): Partial<Record<Fault, true>> {
  const placed = form.device !== null || form.point !== null
  const phone = form.callerPhone.trim()
  return {
    ...(form.type === null && { type: true as const }),
    ...(!placed && form.address.trim() === '' && { place: true as const }),
    ...(!placed && form.address.trim() !== '' && form.district === null && { district: true as const }),
    ...(phone !== '' && !/^\+?[\d-]{3,20}$/.test(phone) && { phone: true as const }),
  }
}

/** @param title where none was typed */
export function sentOf(form: Form & { type: IncidentType }, title: string): NewIncident {
  const text = (value: string) => value.trim() || undefined
  const address = text(form.address)
  const [name, phone, description] = [text(form.callerName), text(form.callerPhone), text(form.description)]
  const { dead, injured, missing } = form
  return {
    drill: form.drill,
    source: 'manual',
    title: text(form.title) ?? title,
    class: classOf(form.type),
    type: form.type,
    ...(form.level && { level: form.level }),
    // A point says the district by itself, and a device its own.
    ...(form.device
      ? { device: form.device }
      : form.point
        ? { point: form.point }
        : { district: form.district ?? undefined }),
    ...(address && { address }),
    ...((name || phone) && { caller: { ...(name && { name }), ...(phone && { phone }) } }),
    ...(dead + injured + missing > 0 && { casualties: { dead, injured, missing } }),
    ...(description && { description }),
  }
}
