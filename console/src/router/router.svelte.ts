/** History: the view in the address bar is the only state of what is on the screen. */
import { formatView, home, noFilter, parseView, type View } from './view.ts'

let current = $state.raw<View>(parseView(new URL(location.href)))

export const view = (): View => current

addEventListener('popstate', () => {
  current = parseView(new URL(location.href))
})

/** `replace` for what is adjusted (a filter typed, the map moved); a new entry for what is gone to. */
export function go(change: Partial<View>, how: 'push' | 'replace' = 'push'): void {
  const next = { ...current, ...change }
  const url = formatView(next)
  if (url === location.pathname + location.search) return
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', url)
  current = next
}

/** The address of another page in the same district scope: filters start afresh, the drawer is shut. */
export const hrefOf = (change: Partial<Omit<View, 'filter'>> & { filter?: Partial<View['filter']> }): string =>
  formatView({ ...home, district: current.district, ...change, filter: { ...noFilter, ...change.filter } })

/** Lets plain links of this console move without loading the page again. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return
  const link = (event.target as Element).closest('a')
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) return
  const url = new URL(link.href)
  if (url.pathname.startsWith('/api/') || (url.hash && url.pathname === location.pathname)) return
  event.preventDefault()
  history.pushState(null, '', url.pathname + url.search)
  current = parseView(url)
}
