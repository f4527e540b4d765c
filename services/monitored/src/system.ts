/** What is checked, and what a check says. */

export type Verdict = {
  normal: boolean
  /** How long the answer took, by the hub's clock; null where nothing was asked over a network. */
  ms: number | null
  /** A short word without secrets, such as `timeout` or `http-500`; null when normal. */
  problem: string | null
}

export type System = {
  /** Of the hub's parts `hub:…`, of sites `site:…`, of gateways their code. */
  id: string
  name: string
  kind: 'hub' | 'gateway' | 'site'
  url: string | null
  /** Never rejects. Null: nothing can be said now, and the check was not due. */
  check(): Promise<Verdict | null>
}

export const normal = (ms: number | null): Verdict => ({ normal: true, ms, problem: null })
export const abnormal = (problem: string, ms: number | null = null): Verdict => ({
  normal: false,
  ms,
  problem: problem.slice(0, 120),
})
