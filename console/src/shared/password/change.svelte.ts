/** A change of one's own password: what is typed, and what became of it. */
import { Attempt } from '../../api/attempt.svelte.ts'
import { changePassword } from '../../session/session.svelte.ts'
import { t } from './words.ts'

export class OwnPassword {
  old = $state('')
  next = $state('')
  again = $state('')
  #differ = $state(false)
  readonly #attempt = new Attempt()

  get busy(): boolean {
    return this.#attempt.busy
  }

  get problem(): string {
    return this.#differ ? t('password.differ') : this.#attempt.problem
  }

  /** Whether the password is changed now. */
  async submit(): Promise<boolean> {
    this.#differ = this.next !== this.again
    return !this.#differ && (await this.#attempt.run(() => changePassword(this.old, this.next)))
  }
}
