/** Something read from the API, with the states that a view draws: loading, error, data (which stays while it is read again). */
import { untrack } from 'svelte'
import { ApiError, call } from './client.ts'

export class Resource<T> {
  data = $state.raw<T | null>(null)
  error = $state.raw<ApiError | null>(null)
  loading = $state(false)
  #path: () => string | null
  #question: (path: string) => string
  #current: string | null = null
  #abort: AbortController | null = null
  #again = false

  /** `path` null: nothing to read yet. `question`: what a path asks; two paths may ask the same, a minute apart. */
  constructor(path: () => string | null, question: (path: string) => string = (path) => path) {
    this.#path = path
    this.#question = question
  }

  /**
   * Reads (again). Data of another question is dropped first. While the same path is being read it is
   * read once more afterwards, so that a slow answer is never cut off by the next request.
   */
  load(): Promise<void> {
    // An effect that loads a resource follows what it reads itself, not the state of the resource: that would be a circle.
    return untrack(() => this.#load())
  }

  async #load(): Promise<void> {
    const path = this.#path()
    const question = path === null ? null : this.#question(path)
    if (question !== this.#current) this.clear()
    this.#current = question
    if (path === null) return
    if (this.loading) {
      this.#again = true
      return
    }
    const abort = new AbortController()
    this.#abort = abort
    this.loading = true
    try {
      const data = await call<T>(path, { signal: abort.signal })
      if (abort.signal.aborted) return
      this.data = data
      this.error = null
    } catch (error) {
      if (abort.signal.aborted) return
      this.error = error instanceof ApiError ? error : new ApiError(0, null)
    }
    this.loading = false
    if (this.#again) {
      this.#again = false
      void this.load()
    }
  }

  clear(): void {
    this.#abort?.abort()
    this.data = null
    this.error = null
    this.loading = false
    this.#again = false
    this.#current = null
  }
}
