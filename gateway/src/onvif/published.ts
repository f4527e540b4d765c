/** For tests: a library as it is published, in a fresh copy. Ours has given node-onvif another transport, and a copy of one's own leaves nothing behind. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** @param path of a module within the library. */
export function published<T>(library: 'node-onvif' | 'onvif', path: string): T {
  const mark = `/node_modules/${library}/`
  for (const key of Object.keys(require.cache)) if (key.includes(mark)) delete require.cache[key]
  return require(`${library}/lib/${path}`) as T
}
