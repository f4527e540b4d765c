/** Linkage over HTTP. There are no rules yet: lists are empty, and none is found. */
import { HubError } from '@hub/contracts'
import type { Handlers, RouteDeps } from '@hub/platform'

type Linkage = Pick<
  Handlers,
  | 'linkageRules'
  | 'createLinkageRule'
  | 'changeLinkageRule'
  | 'switchLinkageRule'
  | 'rehearseLinkageRule'
  | 'linkageRuns'
  | 'presetForIncident'
>

export function linkageHandlers({ clock }: Pick<RouteDeps, 'clock'>): Linkage {
  const none = (id: string) => {
    throw new HubError('linkage-rule.unknown', { value: id })
  }
  return {
    linkageRules: () => ({ asOf: clock.now(), rules: [] }),
    createLinkageRule: ({ body }) => none(body.name),
    changeLinkageRule: ({ params }) => none(params.id),
    switchLinkageRule: ({ params }) => none(params.id),
    rehearseLinkageRule: ({ body }) => none(body.draft.name),
    linkageRuns: () => ({ asOf: clock.now(), runs: [] }),
    presetForIncident: ({ params }) => none(params.id),
  }
}
