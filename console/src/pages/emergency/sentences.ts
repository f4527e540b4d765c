/** What is said of an entry of the log, of what set off a rule, of a result, of a camera's view. Pure. */
import { type IncidentEntry, type LinkageRun, measures, type NearbyCamera } from '@hub/contracts'
import type { Language } from '../../i18n/translate.ts'
import { dash, formatCount, formatValue } from '../../lib/format.ts'
import { compassOf } from './nearby.ts'
import { translate, words } from './words.ts'

/** The sentence of a key that was put together, if there is one. */
const known = (key: string, language: Language): string | null =>
  key in words.zh ? translate(language, key as 'emergency.plan') : null

export const actorWords = (actor: string, language: Language): string =>
  actor === 'hub' || actor.startsWith('rule:') ? translate(language, 'emergency.actor.hub') : actor

/** `180 米，在西南侧，看得到现场`: the side of the place on which the camera stands. */
export const sightWords = ({ metres, bearing, sighting }: NearbyCamera, language: Language): string =>
  translate(language, 'emergency.sight', {
    metres: formatCount(Math.round(metres)),
    side: translate(language, `emergency.compass.${compassOf((bearing + 180) % 360)}`),
    sees: translate(language, `emergency.sight.${sighting}`),
  })

export function triggerWords(
  { deviceName, device, measure, value, event }: LinkageRun['trigger'],
  language: Language,
): string {
  const of = measure !== null && measure in measures ? measures[measure as keyof typeof measures] : null
  const what = of
    ? `${of[language]} ${value === null ? dash : formatValue(value)} ${of.unit}`
    : event
      ? (known(`emergency.event.${event}`, language) ?? event)
      : (measure ?? '')
  return translate(language, 'emergency.trigger.from', { device: deviceName ?? device ?? '', what })
}

/** Why an action was skipped or failed; a code that has no words here says itself. */
export const reasonWords = (reason: string | null, language: Language): string =>
  reason === null ? '' : (known(`emergency.reason.${reason}`, language) ?? reason)

type Particulars = Record<string, string | number | boolean | null>
export const resultWords = (result: Particulars): string =>
  Object.values(result)
    .filter((value) => value !== null && value !== '' && typeof value !== 'boolean')
    .join(' · ')

/** What is no particular of an entry: said by its title, or of use to programs alone. */
const silent = new Set([
  'act',
  'number',
  'from',
  'to',
  'device',
  'joined',
  'seq',
  'sha256',
  'note',
  'id',
  'plan',
  'run',
  'rule',
])

/** The particulars of an entry in words: `已定级 Ⅱ`, `预置位 2`. */
export function detailWords({ detail }: Pick<IncidentEntry, 'detail'>, language: Language): string {
  const said = typeof detail.act === 'string' ? known(`emergency.said.${detail.act}`, language) : null
  const joined = detail.joined === true ? translate(language, 'emergency.said.joined') : null
  const rest = Object.entries(detail)
    .filter(([name, value]) => !silent.has(name) && value !== null && value !== '' && name !== 'due')
    .map(([name, value]) => particular(name, value as string | number | boolean, language))
  return [said, joined, ...rest].filter(Boolean).join(' · ')
}

function particular(name: string, value: string | number | boolean, language: Language): string {
  if (name === 'level' || name === 'was') return known(`emergency.level.${value}`, language) ?? String(value)
  if (name === 'step') return known(`emergency.step.${value}`, language) ?? String(value)
  if (name === 'part') return known(`emergency.part.${value}`, language) ?? String(value)
  if (name === 'colour') return known(`emergency.said.${value}`, language) ?? String(value)
  if (name === 'source') return known(`emergency.source.${value}`, language) ?? String(value)
  if (name === 'type') return known(`emergency.type.${value}`, language) ?? String(value)
  return String(value)
}
