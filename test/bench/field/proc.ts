/** CPU and memory of another process, from /proc. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const microsPerTick = 1_000_000 / Number(execFileSync('getconf', ['CLK_TCK']))

/** CPU microseconds so far, user and system. */
export const cpuOf = (pid: number): number => times(pid, 11)

/** The same of its children that have ended. */
export const cpuOfChildren = (pid: number): number => times(pid, 13)

/** Two neighbouring fields of proc(5) stat, counted from the state. */
function times(pid: number, first: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[first]) + Number(fields[first + 1])) * microsPerTick
}

/** Resident memory, MB of 1,000,000 bytes (proc(5): VmRSS is told in kB of 1,024 bytes). */
export function rssOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kilobytes) * 1_024) / 1_000_000
}

/** The n-th of a hundred, by nearest rank; null of nothing. */
export function percentile(values: readonly number[], n: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * n) / 100) - 1)] ?? null
}

export const rounded = (value: number | null | undefined, digits = 1): number | null =>
  value === undefined || value === null || Number.isNaN(value) ? null : Number(value.toFixed(digits))

/** CPU microseconds of the whole machine so far, idle time left out (proc(5) stat). */
export function cpuOfMachine(): number {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return (user! + nice! + system! + irq! + softirq!) * microsPerTick
}
