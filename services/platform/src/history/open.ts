/** The History that the configuration names. */
import { join } from 'node:path'
import type { HubConfig } from '../hub-config.ts'
import { openEmbeddedHistory } from './embedded.ts'
import { openInfluxHistory } from './influxdb.ts'
import type { History } from './port.ts'

export function openHistory({ history, data }: Pick<HubConfig, 'history' | 'data'>): History {
  if (history.kind === 'embedded') return openEmbeddedHistory(join(data, 'history.db'))
  const { url, version, database, org, token } = history
  return openInfluxHistory({
    ...{ url, version, database },
    ...(org !== undefined && { org }),
    ...(token !== undefined && { token }),
  })
}
