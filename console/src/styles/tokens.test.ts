import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The tokens of a theme: the first block is light, the second overrides it for dark. */
const blocks = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8').split('}')
const tokensOf = (block = '') =>
  Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]))
const light = tokensOf(blocks[0])
const themes = { light, dark: { ...light, ...tokensOf(blocks[1]) } }

/** Relative luminance and contrast (WCAG 2.2, 1.4.3). */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

describe.each(Object.entries(themes))('%s', (_, theme) => {
  test.each(['text', 'muted', 'accent', 'up', 'degraded', 'down', 'unknown', 'exempt'])('%s is legible', (name) => {
    for (const under of ['surface', 'raised', 'selected', 'hover'])
      expect(contrast(theme[name]!, theme[under]!), under).toBeGreaterThanOrEqual(4.5)
  })
  // On the darkest fill each shape is parted from it by its halo, which has the colour of the surface.
  test('shapes of the map stand out from a district that is near its target', () => {
    for (const fill of ['fill-good', 'fill-near'])
      for (const name of ['up', 'degraded', 'down'])
        expect(contrast(theme[name]!, theme[fill]!), `${name} on ${fill}`).toBeGreaterThanOrEqual(3)
  })
  test('the colours of the levels stand out from what they lie on', () => {
    for (const level of ['level-1', 'level-2', 'level-3', 'level-4'])
      for (const under of ['surface', 'raised', 'hover'])
        expect(contrast(theme[level]!, theme[under]!), `${level} on ${under}`).toBeGreaterThanOrEqual(3)
  })
  test('what is on the main button is legible', () =>
    expect(contrast(theme['on-accent']!, theme.accent!)).toBeGreaterThanOrEqual(4.5))
})
