/** Light, dark, or the wall. Follows the system until somebody chooses. */
import { stored } from './stored.ts'

export const themes = ['light', 'dark', 'wall'] as const
export type Theme = (typeof themes)[number]

const choice = stored<Theme>('hub.theme', themes)
const preferred = (): Theme => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
let current = $state<Theme>(choice.read() ?? preferred())

export const theme = (): Theme => current

export function setTheme(next: Theme): void {
  current = next
  choice.write(next)
}
