/** What a browser has and the DOM of the tests has not. */
import { configure } from '@testing-library/svelte'
import { beforeEach, vi } from 'vitest'
import { TestAudio } from './audio.ts'
import { now } from './examples.ts'
import { StreamSource } from './stream-source.ts'

/** Takes every call and draws nothing; a text has no width. */
const nothing = new Proxy<Record<string, unknown>>(
  { measureText: () => ({ width: 0 }) },
  { get: (own, name) => (name in own ? own[String(name)] : () => undefined), set: () => true },
)
class Path2D {
  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: a path that takes every call, too.
    return nothing as unknown as Path2D
  }
}

for (const place of [window, globalThis])
  Object.assign(place, { AudioContext: TestAudio, EventSource: StreamSource, Path2D })
Object.defineProperty(document, 'fonts', { configurable: true, value: { load: async () => [] } })
// No WebGL: the map says that it cannot be drawn.
HTMLCanvasElement.prototype.getContext = ((kind: string) =>
  kind === '2d' ? nothing : null) as unknown as HTMLCanvasElement['getContext']

/** A chosen option is `:checked`; this DOM thinks of boxes only. */
const querySelector = HTMLSelectElement.prototype.querySelector
HTMLSelectElement.prototype.querySelector = function (this: HTMLSelectElement, selector: string) {
  return selector === ':checked' ? (this.selectedOptions[0] ?? null) : querySelector.call(this, selector)
}

// For what does not come: on a busy machine a screen is only slow.
configure({ asyncUtilTimeout: 15_000 })

// The clock stands still, from before the first module asks for it.
vi.setSystemTime(now)
beforeEach(() => {
  vi.setSystemTime(now)
  localStorage.clear()
  TestAudio.reset()
})
