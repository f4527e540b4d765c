/** What a reader of the screen reads: the texts of a part of the page, in order, one space between them. */
import { screen } from '@testing-library/svelte'
import { vi } from 'vitest'

export function textOf(part: Element | null | undefined): string {
  if (!part) return ''
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
  const texts: string[] = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node.textContent ?? '')
  return texts.join(' ').replace(/\s+/g, ' ').trim()
}

/** The rows of the tables on the page, headings included. */
export const rowTexts = (): string[] => screen.queryAllByRole('row').map(textOf)

/** Names and addresses of the links on the page. */
export const linkTexts = (): [string, string | null][] =>
  screen
    .queryAllByRole('link')
    .map((link) => [textOf(link) || (link.getAttribute('aria-label') ?? ''), link.getAttribute('href')])

/** The DOM of the tests has no WebGL; what the map prints of that is kept from the terminal. */
export const withoutWebGl = () => vi.spyOn(console, 'error').mockImplementation(() => undefined)
