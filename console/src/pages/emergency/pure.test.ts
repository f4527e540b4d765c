import { expect, test } from 'vitest'
import { queryText } from '../../router/address.ts'
import { incident, now, uuid } from '../../testing/examples.ts'
import { actKeys, actsOf, mainAct, unitsFor } from './acts.ts'
import { colourNow, countdown } from './clock.ts'
import { faultOf, pictureOf } from './files.ts'
import { districtIn, emptyForm, faultsOf, sentOf, typesLike } from './form.ts'
import { emptyPlan, fitting, movedIn } from './plan.ts'
import { formatList, incidentOf, parseList, pathOf, wholeList } from './query.ts'
import { emptyRule, withTrigger } from './rule.ts'
import { actionWords, whenWords, whereWords } from './rule-words.ts'
import { detailWords, sightWords } from './sentences.ts'
import { stripOf } from './strip.ts'
import { translate } from './words.ts'

const minute = 60_000

test('a limit runs down by the second, and is over only after its last one', () => {
  expect([12 * minute + 5_000, 59_999, 0, -1, -3 * minute - 10_000, 3_723_000].map(countdown)).toEqual([
    '12:05',
    '0:59',
    '0:00',
    '−0:01',
    '−3:10',
    '1:02:03',
  ])
  expect(colourNow({ colour: 'yellow', due: now - 1 }, now)).toBe('red')
  expect(colourNow({ colour: 'yellow', due: now }, now)).toBe('yellow')
})

test('what the list shows is read back from its address as it was written', () => {
  const query = 'view=review&level=1&level=2&source=119&drill=no&search=GD'
  expect(queryText(formatList(parseList(new URLSearchParams(query))))).toBe(query)
  expect(queryText(formatList(wholeList))).toBe('')
  expect(parseList(new URLSearchParams('view=x&level=9&source=999&drill=maybe'))).toEqual(wholeList)
  expect(pathOf(parseList(new URLSearchParams('level=1&search= a ')), '430408')).toBe(
    '/incidents?view=open&drill=both&limit=500&district=430408&level=1&search=a',
  )
  expect([incidentOf(uuid(7)), incidentOf('rules'), incidentOf('')]).toEqual([uuid(7), null, null])
})

test('every act has a key of its own, and none is that of a page', () => {
  const keys = Object.values(actKeys)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.filter((key) => ['n', 'j', 'k', '?', '.'].includes(key))).toEqual([])
})

test('first it is acknowledged; then what leads on is suggested, where it is legal', () => {
  expect(mainAct(incident(1, { acknowledgedAt: null, acknowledgedBy: null }))).toBe('acknowledge')
  expect(mainAct(incident(1))).toBe('dispatch')
  expect(mainAct(incident(1, { status: 'archived', next: [] }))).toBeNull()
  expect(actsOf(incident(1, { next: ['receive', 'end'] }))).toEqual(['end', 'detail', 'note'])
})

const unit = (name: string, part: 'lead' | 'assist', signedAt: number | null = null) => ({
  unit: name,
  part,
  dispatchedAt: now,
  signedAt,
  departedAt: null,
  arrivedAt: null,
})

test('a step of units is offered to those that may take it, the lead first', () => {
  const units = [unit('second', 'assist'), unit('lead', 'lead'), unit('signed', 'assist', now)]
  expect(unitsFor(units, 'sign').map(({ unit }) => unit)).toEqual(['lead', 'second'])
  expect(unitsFor(units, 'depart').map(({ unit }) => unit)).toEqual(['signed'])
  expect(unitsFor(units, 'end')).toEqual([])
})

const entry = (seq: number, step: 'verify' | 'grade' | 'end' | 'reopen', at = now - minute) => ({
  seq,
  at,
  actor: 'li',
  kind: 'step' as const,
  step,
  note: null,
  detail: {},
})
const states = (of: Parameters<typeof stripOf>[0]) => stripOf(of, now).map(({ state }) => state)

test('the strip says what is done, what is due now and what is late', () => {
  const clocks = [
    { step: 'dispatch' as const, unit: null, from: now - minute, due: now + minute, colour: 'none' as const },
  ]
  const graded = incident(1, { log: [entry(1, 'verify'), entry(2, 'grade')], clocks })
  expect(states(graded).slice(0, 5)).toEqual(['done', 'done', 'done', 'now', 'next'])
  expect(stripOf(graded, now)[1]).toMatchObject({ actor: 'li', at: now - minute })
  const late = incident(1, { clocks: [{ ...clocks[0]!, due: now - 1 }], log: graded.log })
  expect(states(late)[3]).toBe('overdue')
  // Graded by a rule at once: verifying was never a step of its own.
  expect(states(incident(1, { log: [entry(1, 'grade')] }))[1]).toBe('passed')
})

test('what was taken back by reopening is not done, and what was dismissed goes no further', () => {
  const log = [entry(1, 'verify'), entry(2, 'grade'), entry(3, 'end'), entry(4, 'reopen')]
  expect(states(incident(1, { status: 'graded', log }))[8]).toBe('next')
  expect(states(incident(1, { status: 'ended', log }))[8]).toBe('done')
  expect(states(incident(1, { status: 'dismissed', log: [entry(1, 'verify')] })).slice(1, 4)).toEqual([
    'done',
    'never',
    'never',
  ])
})

const zhType = (type: 'fire') => translate('zh', `emergency.type.${type}`)
const enType = (type: 'fire') => translate('en', `emergency.type.${type}`)

test.each([
  ['hz', 'fire'],
  ['火', 'fire'],
  ['fi', 'fire'],
  ['rq', 'gas'],
  ['hlnl', 'flood'],
  ['slhz', 'forest-fire'],
])('a type is found by %s', (typed, type) =>
  expect(typesLike(typed, zhType as () => string, enType as () => string)[0]).toBe(type),
)

test('a new incident needs a type and a place; an address alone needs its district', () => {
  const form = emptyForm(null)
  expect(Object.keys(faultsOf(form))).toEqual(['type', 'place'])
  expect(Object.keys(faultsOf({ ...form, type: 'fire', address: '解放路 1 号' }))).toEqual(['district'])
  expect(faultsOf({ ...form, type: 'fire', address: '解放路', district: '430408' })).toEqual({})
  expect(
    Object.keys(faultsOf({ ...form, type: 'fire', point: { longitude: 1, latitude: 1 }, callerPhone: 'x' })),
  ).toEqual(['phone'])
  expect([districtIn('蒸湘区解放路'), districtIn('祁东洪桥'), districtIn('解放路')]).toEqual(['430408', '430426', null])
})

test('what is sent says its place once: a device before a point before a district', () => {
  const form = { ...emptyForm('430408'), type: 'fire' as const, level: 2, address: ' 解放路 ' }
  const place = { longitude: 112.6, latitude: 26.9 }
  expect(sentOf(form, '蒸湘区 火灾')).toEqual({
    drill: false,
    source: 'manual',
    title: '蒸湘区 火灾',
    class: 'accident',
    type: 'fire',
    level: 2,
    district: '430408',
    address: '解放路',
  })
  expect(sentOf({ ...form, point: place }, 't')).toMatchObject({ point: place })
  expect(sentOf({ ...form, point: place }, 't')).not.toHaveProperty('district')
  expect(sentOf({ ...form, point: place, device: '1' }, 't')).not.toHaveProperty('point')
  expect(sentOf({ ...form, title: ' 起火 ', callerPhone: '138-1', injured: 2 }, 't')).toMatchObject({
    title: '起火',
    caller: { phone: '138-1' },
    casualties: { dead: 0, injured: 2, missing: 0 },
  })
})

test('a plan is offered for its class, type and level; one of the very type first', () => {
  const plan = {
    ...emptyPlan(),
    id: uuid(1),
    version: 1,
    at: now,
    by: 'li',
    retired: false,
    class: 'natural-disaster' as const,
  }
  const of = incident(1)
  const fits = (more: object) => fitting([{ ...plan, ...more }], of).length
  expect([
    fits({}),
    fits({ type: 'weather' }),
    fits({ levels: [1] }),
    fits({ retired: true }),
    fits({ class: 'accident' }),
  ]).toEqual([1, 0, 0, 0, 0])
  expect(fitting([plan, { ...plan, id: uuid(2), type: 'flood' as const }], of).map(({ id }) => id)).toEqual([
    uuid(2),
    uuid(1),
  ])
  expect([movedIn(['a', 'b', 'c'], 2, -1), movedIn(['a', 'b'], 0, -1)]).toEqual([
    ['a', 'c', 'b'],
    ['a', 'b'],
  ])
})

test('a rule that waits for an incident opens none, and any other opens one first', () => {
  const rule = emptyRule()
  expect(rule.actions[0]?.kind).toBe('open-incident')
  const waits = withTrigger(rule, 'incident')
  expect(waits.actions.map(({ kind }) => kind)).toEqual(['choose-cameras', 'notify'])
  expect(withTrigger(waits, 'outage').actions.map(({ kind }) => kind)).toEqual([
    'open-incident',
    'choose-cameras',
    'notify',
  ])
  expect(withTrigger({ ...rule, actions: [rule.actions[0]!] }, 'incident').actions.length).toBe(1)
})

test('a rule is said in plain words', () => {
  const rule = {
    ...emptyRule(),
    where: { districts: ['430408' as const] },
    schedule: { days: [1, 2], from: '22:00', to: '06:00' },
  }
  expect(whenWords(rule, 'zh')).toBe('积水水位高于 0.3 m 持续 1 分（回落 0.05 m 后才可再次触发）')
  expect(whereWords(rule, 'zh')).toBe('蒸湘区 · 周一、周二 22:00–06:00')
  expect(whereWords({ where: {}, schedule: null }, 'en')).toBe('anywhere, at any time')
  expect(actionWords(rule.actions[1]!, 'zh')).toBe('选用 500 米内看得到现场的摄像机，最多 4 台')
})

test('a file that the hub would refuse is not sent', () => {
  expect(faultOf({ type: 'image/png', size: 1 })).toBeNull()
  expect(faultOf({ type: 'text/html', size: 1 })).toBe('type')
  expect(faultOf({ type: 'application/pdf', size: 8 * 1_048_576 + 1 })).toBe('size')
})

test('the picture of a camera is the latest that bears its code', () => {
  const file = (name: string, at: number) => ({
    id: uuid(at),
    name,
    type: 'image/jpeg' as const,
    bytes: 1,
    sha256: '',
    at,
    by: 'hub',
  })
  const files = [file('1-a.jpg', 1), file('1-b.jpg', 3), file('2-a.jpg', 5)]
  expect(pictureOf(files, '1')?.at).toBe(3)
  expect(pictureOf(files, '3')).toBeNull()
})

test('where a camera stands is said from the place: it looks north-east, so it stands south-west of it', () => {
  const view = { heading: 45, field: 60, range: 300, turns: false, assumed: [] }
  const camera = {
    device: '1',
    name: 'a',
    district: '430408' as const,
    longitude: 1,
    latitude: 1,
    view,
    state: 'up' as const,
    lastAt: null,
  }
  expect(sightWords({ ...camera, metres: 180.4, bearing: 45, sighting: 'covers' }, 'zh')).toBe(
    '180 米，在西南侧，看得到现场',
  )
})

test('the particulars of an entry are words, and what programs need stays unsaid', () => {
  const said = (detail: Record<string, string | number | boolean | null>, kind: 'plan' | 'detail' | 'step' = 'plan') =>
    detailWords({ kind, step: null, detail }, 'zh')
  expect(said({ act: 'tick', seq: 2, title: '封路' })).toBe('完成 · 封路')
  expect(said({ level: 2, was: null }, 'step')).toBe('重大')
  expect(said({ level: 2, was: 3 }, 'step')).toBe('重大 · 原较大')
  expect(said({ level: 2, was: 2 }, 'step')).toBe('重大')
  expect(said({ step: 'sign', unit: '消防一站', colour: 'red', due: now })).toBe('签收 · 消防一站 · 超过时限')
  expect(said({ act: 'choose', device: '1', name: '球机', metres: 1_227, sighting: 'covers' })).toBe(
    '选用 · 球机 · 1,227 米 · 看得到现场',
  )
  expect(said({ title: '积水', titleWas: '水', injured: 2, injuredWas: 0 }, 'detail')).toBe(
    '标题 水 → 积水 · 受伤 0 → 2',
  )
})
