/** One try of an action that goes out of the hub, through the gateway of its device. */
import { choosePreset, type NamedPreset, secondMs } from '@hub/core'
import { tablesOf } from '@hub/platform'
import { z } from 'zod'
import { addAttachment, storeFile } from '../incidents/attachments.ts'
import { setPreset } from '../incidents/cameras.ts'
import { hub } from '../incidents/log.ts'
import type { Performed, Row, RunnerDeps, Send } from './action.ts'
import type { Db, LinkageDb } from './db.ts'

/** Between two questions whether a camera still moves. */
const askAgainMs = 200

/** @throws HubError of the command */
export async function perform(deps: RunnerDeps, row: Row): Promise<Performed> {
  const { db } = tablesOf<LinkageDb>(deps.record)
  const binding = await db
    .selectFrom('gateways_binding')
    .select('gateway')
    .where('device', '=', row.target)
    .executeTakeFirst()
  if (!binding) return { ok: false, reason: 'no-gateway', lasting: true }
  const send: Send = (name, more = {}) => deps.commands.send(binding.gateway, { name, device: row.target, ...more })
  switch (row.asked.kind) {
    case 'preset': {
      const address = await addressOf(deps, row.incident)
      const wanted = { name: row.asked.name, address, bearing: Number(row.result.bearing ?? Number.NaN) }
      return turnTo(deps, send, { ...row, device: row.target }, wanted)
    }
    case 'field-command': {
      const { command, args = {} } = row.asked
      const { at } = await send('field-command', { key: row.key, args: { ...args, command } })
      return { ok: true, result: { command, answeredAt: at } }
    }
    case 'snapshots':
      return takePictures(deps, send, row, row.asked)
    default:
      return { ok: false, reason: 'internal', lasting: true }
  }
}

const Presets = z.array(z.object({ token: z.string(), name: z.string() }))
const Status = z.object({ moving: z.boolean().nullable() })

/** @throws HubError of the command */
export const presetsOf = async (send: Send): Promise<NamedPreset[]> => Presets.parse((await send('ptz-presets')).result)

type Turn = { incident: string; device: string; key: string; deadline: number }
type Wanted = { name: string | null; address: string; bearing: number }

/** Its reply says only that the camera has understood: it has arrived when it does not move any more. */
async function turnTo(deps: Pick<RunnerDeps, 'clock'>, send: Send, turn: Turn, wanted: Wanted): Promise<Performed> {
  const presets = await presetsOf(send)
  const bearing = Number.isNaN(wanted.bearing) ? null : wanted.bearing
  const preset = choosePreset(presets, wanted.name, { address: wanted.address, bearing })
  if (!preset) return { ok: false, reason: 'no-preset', lasting: true, skipped: true }
  return goTo(deps, send, turn, preset)
}

/** @throws HubError of the command */
export async function goTo(
  { clock }: Pick<RunnerDeps, 'clock'>,
  send: Send,
  { incident, device, key, deadline }: Turn,
  preset: NamedPreset,
): Promise<Performed> {
  await send('ptz-goto', { key, args: { preset: preset.token } })
  for (;;) {
    const { moving } = Status.parse((await send('ptz-status')).result)
    // One that does not say is believed after it was asked once.
    if (moving !== true) {
      const result = { preset: preset.name, token: preset.token, arrived: moving === false }
      return { ok: true, result, write: (trx) => setPreset(trx, incident, device, preset) }
    }
    if (clock.now() + askAgainMs >= deadline) return { ok: false, reason: 'expired', lasting: true }
    await pause(clock, askAgainMs)
  }
}

/** JPEG, base64. */
const Picture = z.object({ jpeg: z.base64().max(360_000) })

/** As many as could be had in time; of none the action is skipped. */
async function takePictures(
  deps: RunnerDeps,
  send: Send,
  row: Row,
  { count, everySeconds }: { count: number; everySeconds: number },
): Promise<Performed> {
  const record = tablesOf<LinkageDb>(deps.record)
  // Those of a try that the hub did not outlive are there.
  let taken = await picturesOf(record.db, row)
  for (let n = taken; n < count && deps.clock.now() < row.deadline; n++) {
    if (n > 0) await pause(deps.clock, everySeconds * secondMs)
    const answer = await send('snapshot').catch(() => undefined)
    const picture = Picture.safeParse(answer?.result)
    if (!picture.success) continue
    const stored = await storeFile(deps, Buffer.from(picture.data.jpeg, 'base64'))
    const at = deps.clock.now()
    await record.transaction((trx) => addAttachment(trx, row.incident, stored, `${row.target}-${at}.jpg`, hub, at))
    taken++
  }
  return taken > 0
    ? { ok: true, result: { taken, of: count } }
    : { ok: false, reason: 'no-picture', lasting: true, skipped: true }
}

async function picturesOf(db: Db, { incident, target, started_at }: Row): Promise<number> {
  const { n } = await db
    .selectFrom('incident_attachment')
    .select((of) => of.fn.countAll<number>().as('n'))
    .where('incident', '=', incident)
    .where('name', 'like', `${target}-%`)
    .where('at', '>=', started_at ?? 0)
    .executeTakeFirstOrThrow()
  return Number(n)
}

const addressOf = async ({ record }: RunnerDeps, incident: string): Promise<string> => {
  const { db } = tablesOf<LinkageDb>(record)
  const row = await db.selectFrom('incident').select(['address', 'title']).where('id', '=', incident).executeTakeFirst()
  return row ? `${row.address} ${row.title}` : ''
}

const pause = (clock: RunnerDeps['clock'], ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve))
