/** The pages of the console: the router, the rail, the titles and the permissions follow this table. A page more is a line more. */
import type { Permission } from '@hub/contracts'
import type { Component } from 'svelte'
import type { Words } from './i18n/translate.ts'
import { words as devices } from './pages/devices/words.ts'
import { words as emergencyWords } from './pages/emergency/words.ts'
import { words as map } from './pages/map/words.ts'
import { words as orders } from './pages/orders/words.ts'
import { words as outages } from './pages/outages/words.ts'
import { words as overview } from './pages/overview/words.ts'
import { words as reports } from './pages/reports/words.ts'
import { words as settings } from './pages/settings/words.ts'
import { words as work } from './pages/work/words.ts'
import type { IconName } from './ui/Icon.svelte'

type Page<Path extends string> = {
  /** The first segment of its address. */
  path: Path
  /** Its icon in the rail; of a page that stands under another, the path of that one. */
  icon: IconName | { under: string }
  /** What a viewer must hold to see it; null when the page itself decides part by part. */
  permission: Permission | null
  /** Fetches the page when it is first asked for: who opens one does not wait for the others. */
  load: () => Promise<{ default: Component }>
  /** Its sentences, its title among them. */
  words: Words<Readonly<Record<`page.${Path}`, string>>>
}

const page = <const Path extends string>(row: Page<Path>): Page<Path> => row

export const pages = [
  page({
    path: 'overview',
    icon: 'overview',
    permission: 'view',
    load: () => import('./pages/overview/OverviewPage.svelte'),
    words: overview,
  }),
  page({
    path: 'map',
    icon: 'map',
    permission: 'view',
    load: () => import('./pages/map/MapPage.svelte'),
    words: map,
  }),
  page({
    path: 'devices',
    icon: 'devices',
    permission: 'view',
    load: () => import('./pages/devices/DevicesPage.svelte'),
    words: devices,
  }),
  page({
    path: 'outages',
    icon: 'outages',
    permission: 'view',
    load: () => import('./pages/outages/OutagesPage.svelte'),
    words: outages,
  }),
  page({
    path: 'orders',
    icon: { under: 'outages' },
    permission: 'view',
    load: () => import('./pages/orders/OrdersPage.svelte'),
    words: orders,
  }),
  page({
    path: 'work',
    icon: { under: 'outages' },
    permission: 'view',
    load: () => import('./pages/work/WorkPage.svelte'),
    words: work,
  }),
  page({
    path: 'emergency',
    icon: 'emergency',
    permission: 'oversee',
    load: () => import('./pages/emergency/EmergencyPage.svelte'),
    words: emergencyWords,
  }),
  page({
    path: 'reports',
    icon: 'reports',
    permission: 'view',
    load: () => import('./pages/reports/ReportsPage.svelte'),
    words: reports,
  }),
  page({
    path: 'settings',
    icon: 'settings',
    permission: null,
    load: () => import('./pages/settings/SettingsPage.svelte'),
    words: settings,
  }),
] as const

declare module './router/address.ts' {
  interface Register {
    path: (typeof pages)[number]['path']
  }
}
