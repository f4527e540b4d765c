/** Rounds before the measuring begins: every device is new once, and the code is compiled. */
export const warmUpRounds = 3

/** Wall time and CPU time of this process over some work, SQLite and compression included. */
export type Figures = { obs_per_s: number; cpu_us_per_obs: number; observations: number; seconds: number }

export async function measure(observations: number, work: () => Promise<void>): Promise<Figures> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return {
    obs_per_s: Math.round(observations / seconds),
    cpu_us_per_obs: Number(((user + system) / observations).toFixed(2)),
    observations,
    seconds: Number(seconds.toFixed(2)),
  }
}
