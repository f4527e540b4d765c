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
const silent = new Set(
  'act device joined seq sha256 id plan run rule order incident attachment type bytes due lead version steps devices code message sender'.split(
    ' ',
  ),
)

/** The particulars of an entry in words: `完成 · 封闭通道`; of a change what was and what is. */
export function detailWords(
  { kind, step, detail }: Pick<IncidentEntry, 'kind' | 'step' | 'detail'>,
  language: Language,
): string {
  const names = Object.keys(detail).filter((name) => detail[name] !== null && detail[name] !== '')
  if (kind === 'detail')
    return names
      .filter((name) => !name.endsWith('Was'))
      .map((name) => changeWords(name, detail, language))
      .join(' · ')
  const said = typeof detail.act === 'string' ? known(`emergency.said.${detail.act}`, language) : null
  const joined = detail.joined === true ? translate(language, 'emergency.said.joined') : null
  // The title stands at the head of the page; a level that is the same as before was not changed.
  const dumb = (name: string) =>
    silent.has(name) || (step === 'receive' && name === 'title') || (name === 'was' && detail.was === detail.level)
  const rest = names.filter((name) => !dumb(name)).map((name) => particular(name, detail[name] ?? '', language))
  return [said, joined, ...rest].filter(Boolean).join(' · ')
}

function changeWords(name: string, detail: Particulars, language: Language): string {
  const label = known(`emergency.field.${name}`, language) ?? name
  const was = detail[`${name}Was`]
  const now = particular(name, detail[name] ?? '', language)
  return was === undefined || was === null || was === ''
    ? `${label} ${now}`
    : `${label} ${particular(name, was, language)} → ${now}`
}

/** Values that are words of ours, by the name under which they stand. */
const vocabularies: Readonly<Record<string, string>> = {
  level: 'level',
  step: 'step',
  part: 'part',
  colour: 'said',
  source: 'source',
  type: 'type',
  warning: 'warning',
  sighting: 'sight',
  direction: 'cap',
  msgType: 'cap',
}

function particular(name: string, value: string | number | boolean, language: Language): string {
  if (name === 'metres') return translate(language, 'emergency.metres', { metres: formatCount(Number(value)) })
  if (name === 'was')
    return translate(language, 'emergency.was', { value: known(`emergency.level.${value}`, language) ?? String(value) })
  const vocabulary = vocabularies[name]
  return (vocabulary && known(`emergency.${vocabulary}.${value}`, language)) || String(value)
}
