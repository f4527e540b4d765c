/** A run of a linkage rule: what it did, action by action, each with its result. */
import { z } from 'zod'
import { DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'

export const actionKinds = [
  'open-incident',
  'choose-cameras',
  'preset',
  'snapshots',
  'record',
  'notify',
  'work-order',
  'field-command',
  'cap',
  'plan',
] as const
export const ActionKind = z.enum(actionKinds)
export type ActionKind = z.infer<typeof ActionKind>

/** Why an action was not done though nothing failed, or ended without an answer. */
export const skipReasons = [
  'dry-run',
  'done-before',
  'no-incident',
  'no-camera',
  'no-camera-turns',
  'no-preset',
  'no-gateway',
  'no-picture',
  'no-recording',
  'no-cap',
  'expired',
] as const
export type SkipReason = (typeof skipReasons)[number]

export const actionStates = ['waiting', 'running', 'done', 'failed', 'skipped'] as const
export const RunAction = z.strictObject({
  /** In the order of the rule, from 1. One that acts on several cameras has a row for each. */
  seq: z.int().min(1),
  kind: ActionKind,
  /** Camera, siren, unit: on what it acts; null: on the incident. */
  target: z.string().nullable(),
  /** Name of the target for people, as it was. */
  targetName: z.string().nullable(),
  state: z.enum(actionStates),
  /** Goes with the command: whoever gets it twice does it once. */
  key: z.string(),
  attempts: z.int(),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  /** After this it is not tried again. */
  deadline: Instant,
  /** A code of the table of errors, or of `skipReasons`; null: none. */
  reason: z.string().nullable(),
  /** What was answered, in short, by name. */
  result: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type RunAction = z.infer<typeof RunAction>

export const runStates = ['running', 'finished'] as const
export const LinkageRun = z.strictObject({
  id: z.uuid(),
  rule: z.string(),
  ruleName: z.string(),
  version: z.int(),
  /** Would have been run: nothing was done. */
  dry: z.boolean(),
  incident: z.uuid().nullable(),
  state: z.enum(runStates),
  at: Instant,
  /** What set it off: device, measure and value, event, outage. */
  trigger: z.strictObject({
    at: Instant,
    device: DeviceId.nullable(),
    deviceName: z.string().nullable(),
    measure: z.string().nullable(),
    value: z.number().nullable(),
    event: z.string().nullable(),
  }),
  actions: z.array(RunAction),
})
export type LinkageRun = z.infer<typeof LinkageRun>
export const LinkageRunList = z.strictObject({ asOf: Instant, runs: z.array(LinkageRun) })
export type LinkageRunList = z.infer<typeof LinkageRunList>
