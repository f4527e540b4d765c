/** Something that a person asks the hub to do: busy while it lasts, and in words what was wrong. */
import { t } from '../i18n/common.ts'
import { ApiError } from './client.ts'

export class Attempt {
  busy = $state(false)
  problem = $state('')
  /** The hub's code of what was wrong, for who can do something about it. */
  code = $state<string | null>(null)

  /** Whether it went well. What fails otherwise than by the hub's answer is thrown. */
  async run(action: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.problem = ''
    this.code = null
    try {
      await action()
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.code = error.problem?.code ?? null
      this.problem = error.status ? wordsOf(error) : t('error.offline')
      return false
    } finally {
      this.busy = false
    }
  }
}

/** What went wrong, and what to do about it. */
export const wordsOf = (error: ApiError): string =>
  error.problem?.action ? `${error.message} ${error.problem.action}` : error.message
