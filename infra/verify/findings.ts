/** What the checks find. A fault says that something is not as it was sealed; a note is what a reader must know, and nobody's fault. */

export const checks = ['pack', 'seal', 'card', 'devices', 'batches', 'anchor', 'record'] as const
export type Check = (typeof checks)[number]

export type Finding = { check: Check; code: string; about: string }

export class Findings {
  readonly faults: Finding[] = []
  readonly notes: Finding[] = []
  /** How much each check has looked at; a check that is not here was not made. */
  readonly looked = new Map<Check, number>()

  count(check: Check, more = 1): void {
    this.looked.set(check, (this.looked.get(check) ?? 0) + more)
  }
  fault(check: Check, code: string, about: string | number = ''): void {
    this.faults.push({ check, code, about: String(about) })
  }
  note(check: Check, code: string, about: string | number = ''): void {
    this.notes.push({ check, code, about: String(about) })
  }
}
