/** What the handlers share. */
import type { AdjustmentIndex, Deps } from '@hub/platform'
import type { Commander } from '../commander.ts'
import type { Feed } from '../live/feed.ts'
import type { Figures } from '../live/figures.ts'
import type { LiveModel } from '../live/model.ts'
import type { Notice } from '../notice.ts'
import type { TellRegistryChanged } from '../registry-changed.ts'
import type { Sessions } from '../session/sessions.ts'
import type { Users } from '../session/users.ts'
import type { StreamHub } from '../stream/hub.ts'

export type Context = Pick<Deps, 'config' | 'clock' | 'record' | 'history' | 'uptime' | 'log'> & {
  sessions: Sessions
  users: Users
  adjustments: AdjustmentIndex
  model: LiveModel
  feed: Feed
  figures: Figures
  stream: StreamHub
  commander: Commander
  registryChanged: TellRegistryChanged
  notice: Notice
}
