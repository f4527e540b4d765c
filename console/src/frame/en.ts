/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'app.city': 'Hengyang',
  'app.skip': 'Skip to content',

  'live.connecting': 'connecting',
  'live.live': 'live · {span}',
  'live.stale': 'stale since {at}',
  'live.banner': 'The live connection is silent since {at}: these figures are as they were then.',
  'live.retrying': 'Reconnecting…',

  'lag.seconds': '{s} s',
  'lag.banner': 'Data is {span} behind',
  'lag.catching-up': 'Data has nearly caught up',
  'lag.aloud': "The hub's data is behind",
  'lag.cause.stalled': "The hub's process was stopped or overloaded.",
  'lag.cause.broker': 'The hub has lost the connection to its message broker.',
  'lag.cause.commits': 'What has arrived cannot be written to the record in time.',
  'lag.cause.deliveries': 'The data of most gateways arrives late.',
  'lag.cause.disk':
    "The hub's disk takes nothing more: gateways keep their data, and it is caught up by itself once there is room. Logging in and reading work meanwhile.",
  'lag.cause.silent': 'The process that takes data in does not answer.',
  'lag.meaning':
    'These figures are as they were then. Until it has caught up no device is judged by silence, and no outage is opened.',

  'scope.label': 'District scope',

  'search.button': 'Search devices, districts',
  'search.placeholder': 'Code, name, address, IP or district',
  'search.districts': 'Districts',
  'search.none': "Nothing matches '{query}'",
  'search.hint': '↑ ↓ choose  Enter open  Esc close',
  'search.more': 'All {count} in the device list',

  'user.menu': 'User',
  'user.scope': 'Sees',
  'user.until': 'Session until {at}',
  'user.password': 'Change password',
  'user.logout': 'Log out',

  'page.unfetched': 'Its files could not be fetched: the hub was updated, or does not answer.',
  'page.reload': 'Reload',
  'missing.title': 'There is no such page',
  'missing.body': 'The address may have changed.',
  'missing.home': 'Back to the overview',
}
