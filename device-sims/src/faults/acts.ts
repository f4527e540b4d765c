/** What devices did because somebody asked them to: presets that were called, sirens that sounded. Each line is one act that was done. */

export type Act = {
  device: string
  /** `preset 2`, `sound`, `show 前方积水`. */
  what: string
  /** Of a command that has one. */
  key: string | null
}
export type Acted = (act: Act) => void

export type ActLog = { acted: Acted; all(): readonly (Act & { at: number })[] }

export function createActLog(now: () => number): ActLog {
  const acts: (Act & { at: number })[] = []
  return { acted: (act) => void acts.push({ ...act, at: now() }), all: () => acts }
}
