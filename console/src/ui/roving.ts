/**
 * A strip of many small links is one stop of the Tab key: the arrow keys, Home and End go from link to link. The current one, or
 * else the last, is where one gets in.
 */
import type { Attachment } from 'svelte/attachments'

const moves: Record<string, (at: number, count: number) => number> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
}

export const roving: Attachment<HTMLElement> = (strip) => {
  const links = () => [...strip.querySelectorAll('a')]
  const enterBy = (chosen: HTMLAnchorElement | undefined) => {
    for (const link of links()) link.tabIndex = link === chosen ? 0 : -1
  }
  const settle = () => {
    const all = links()
    enterBy(all.find((link) => link === document.activeElement || link.ariaCurrent === 'true') ?? all.at(-1))
  }
  const onKey = (event: KeyboardEvent) => {
    const all = links()
    const at = all.indexOf(document.activeElement as HTMLAnchorElement)
    const next = at < 0 ? undefined : all[moves[event.key]?.(at, all.length) ?? -1]
    if (!next) return
    event.preventDefault()
    enterBy(next)
    next.focus()
  }
  settle()
  const watching = new MutationObserver(settle)
  watching.observe(strip, { childList: true, subtree: true, attributeFilter: ['aria-current'] })
  strip.addEventListener('keydown', onKey)
  return () => {
    watching.disconnect()
    strip.removeEventListener('keydown', onKey)
  }
}
