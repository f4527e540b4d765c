/** Outside programs for peer tests: found on PATH, or the test is skipped loudly. */
import { execFile, spawnSync } from 'node:child_process'
import { describe } from 'vitest'

/** `describe` when every program is there; otherwise skipped, with the reason printed and in the title. */
export function describeWithPrograms(title: string, programs: readonly string[], run: () => void): void {
  const missing = programs.filter((name) => spawnSync('which', [name]).status !== 0)
  if (missing.length > 0) console.warn(`SKIPPED ${title}: ${missing.join(', ')} not installed`)
  describe.skipIf(missing.length > 0)(missing.length > 0 ? `${title} (needs ${missing.join(', ')})` : title, run)
}

/** Exit code and everything printed. Killed after `timeoutMs`. */
export function runProgram(
  file: string,
  args: readonly string[],
  { input = '', timeoutMs = 20_000 } = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(file, [...args], { timeout: timeoutMs, maxBuffer: 16_777_216 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, output: stdout + stderr }),
    )
    child.stdin?.end(input)
  })
}
