/** Probe figures were written together with the uptime buckets: both go on from where the one writer was. */
import { copySettings } from '@hub/platform'

export const probesApart = [
  copySettings({ room: 'uptime', prefix: 'buckets:written' }, { room: 'ingest', prefix: 'probes:written' }),
  copySettings({ room: 'uptime', prefix: 'buckets:dirty:' }, { room: 'ingest', prefix: 'probes:late:' }),
].join('\n')
