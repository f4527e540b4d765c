/** Routes: the channels that people are told on. */
import { byId } from '../common/params.ts'
import type { Route } from '../route.ts'
import { ChannelReport, ChannelTest } from './channel.ts'

export const notifyRoutes = {
  channels: {
    method: 'get',
    path: '/channels',
    summary: 'Notification channels, and the last notifications',
    needs: 'outages',
    response: ChannelReport,
  },
  testChannel: {
    method: 'post',
    path: '/channels/{id}/tests',
    summary: 'Send a test notification now',
    needs: 'outages',
    params: byId,
    response: ChannelTest,
  },
} as const satisfies Record<string, Route>
