/** Ships each font subset once: every browser that runs this console reads woff2, so the woff fallbacks stay out. */
import type { Plugin } from 'vite'

export const woff2Only = (): Plugin => ({
  name: 'woff2-only',
  enforce: 'pre',
  transform(code, id) {
    if (!/@fontsource\/.*\.css/.test(id)) return null
    return { code: code.replace(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, ''), map: null }
  },
})
