import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { compress } from './build/compress.ts'
import { contractsData } from './build/contracts-data.ts'
import { woff2Only } from './build/woff2-only.ts'

const hub = process.env.HUB_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [contractsData(), woff2Only(), svelte(), compress()],
  server: { proxy: { '/api': hub } },
  build: {
    target: 'es2022',
    // Nothing inlined as data: the hub's content security policy is `default-src 'self'`.
    assetsInlineLimit: 0,
    // MapLibre, loaded with the map page only.
    chunkSizeWarningLimit: 1_200,
    rolldownOptions: {
      // A rule of core that the console does not use goes, and with it what that rule imports.
      treeshake: { moduleSideEffects: [{ test: /\/services\/(core|contracts)\/|\/zod\//, sideEffects: false }] },
    },
  },
  worker: { format: 'es' },
})
