/** What the frame reads in the table of pages. Pure. */
import type { Permission } from '@hub/contracts'
import { type Language, translator } from '../i18n/translate.ts'
import { pages } from '../pages.ts'
import type { IconName } from '../ui/Icon.svelte'

export type Page = (typeof pages)[number]
export type RailItem = { path: Page['path']; icon: IconName; title: string; here: boolean }

/** The page that an address names, or none. */
export const pageOf = (path: string): Page | undefined => pages.find((page) => page.path === path)

export function titleOf(page: Page, language: Language): string {
  const words: { zh: Readonly<Record<string, string>>; en: Readonly<Record<string, string>> } = page.words
  return translator(words).translate(language, `page.${page.path}`)
}

/** The pages that a viewer may see. A page that stands under another marks that one as current. */
export function railOf(may: (permission: Permission) => boolean, at: string, language: Language): RailItem[] {
  const current = pageOf(at)
  const here = current && typeof current.icon === 'object' ? current.icon.under : at
  return pages.flatMap((page) =>
    typeof page.icon === 'string' && (page.permission === null || may(page.permission))
      ? [{ path: page.path, icon: page.icon, title: titleOf(page, language), here: page.path === here }]
      : [],
  )
}

/** Fetches every page, so that each can be opened when the hub no longer answers. One that fails is asked for again when it is opened. */
export function fetchAll(): void {
  for (const { load } of pages) load().catch(() => {})
}
