/** The draft of a linkage rule: what a new one begins with, and what each part of it begins with. Pure. */
import type { ActionKind, LinkageAction, LinkageTrigger, RuleDraft } from '@hub/contracts'

type Trigger = LinkageTrigger['kind']
export const triggerKinds = ['measure', 'event', 'outage', 'incident'] as const satisfies readonly Trigger[]

export function emptyTrigger(kind: Trigger): LinkageTrigger {
  switch (kind) {
    case 'measure':
      return { kind, measure: 'water_level', compare: 'above', threshold: 0.3, holdSeconds: 60, hysteresis: 0.05 }
    case 'event':
      return { kind, topics: ['digital-input'] }
    case 'outage':
      return { kind, members: 10 }
    case 'incident':
      return { kind }
  }
}

const usual = { deadlineSeconds: 30, retries: 2 }
/** @param plan for the action that starts one */
export function emptyAction(kind: ActionKind, plan = ''): LinkageAction {
  switch (kind) {
    case 'open-incident':
      return {
        kind,
        ...usual,
        title: '',
        class: 'natural-disaster',
        type: 'flood',
        level: null,
        joinMetres: 500,
        joinMinutes: 60,
      }
    case 'choose-cameras':
      return { kind, ...usual, radius: 500, most: 4 }
    case 'preset':
      return { kind, ...usual, name: null }
    case 'snapshots':
      return { kind, ...usual, count: 3, everySeconds: 10 }
    case 'record':
      return { kind, ...usual, seconds: 300 }
    case 'notify':
      return { kind, ...usual, importance: 'high' }
    case 'work-order':
      return { kind, ...usual, unit: null }
    case 'field-command':
      return { kind, ...usual, device: '', command: '' }
    case 'cap':
      return { kind, ...usual }
    case 'plan':
      return { kind, ...usual, plan }
  }
}

export const emptyRule = (): RuleDraft => ({
  name: '',
  when: emptyTrigger('measure'),
  where: {},
  schedule: null,
  restSeconds: 600,
  mostPerHour: 60,
  actions: [emptyAction('open-incident'), emptyAction('choose-cameras'), emptyAction('notify')],
})

/** A rule that waits for an incident has one already; any other opens or joins one first. */
export function withTrigger(draft: RuleDraft, kind: Trigger): RuleDraft {
  const rest = draft.actions.filter((action) => action.kind !== 'open-incident')
  const actions =
    kind !== 'incident'
      ? [draft.actions.find((action) => action.kind === 'open-incident') ?? emptyAction('open-incident'), ...rest]
      : rest.length
        ? rest
        : [emptyAction('choose-cameras')]
  return { ...draft, when: emptyTrigger(kind), actions }
}

/** What may be added to a rule of this trigger. */
export const kindsFor = (kinds: readonly ActionKind[]): ActionKind[] => kinds.filter((kind) => kind !== 'open-incident')
