/** History: the address is the only state of what is on the screen. */
import { type Address, type Change, changed, formatAddress, fresh, parseAddress } from './address.ts'

let current = $state.raw<Address>(parseAddress(new URL(location.href)))

export const address = (): Address => current

addEventListener('popstate', () => {
  current = parseAddress(new URL(location.href))
})

/** `replace` for what is adjusted (a filter typed, the map moved); `push` for another view. */
export function go(change: Change, how: 'push' | 'replace' = 'push'): void {
  const next = changed(current, change)
  const url = formatAddress(next)
  if (url === location.pathname + location.search) return
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', url)
  current = next
}

/** The address of another page in the same district: its query begins afresh, the drawer is shut. */
export const hrefOf = (change: Change): string => formatAddress(fresh(current, change))

/** The address of the same view with something changed. */
export const hrefHere = (change: Change): string => formatAddress(changed(current, change))

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
  current = parseAddress(url)
}
