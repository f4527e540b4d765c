/** `scenario`: prints the ground truth of a scenario file without playing it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { HubError } from '@hub/contracts'
import { rehearse } from '../scenario/play.ts'
import { readScenario, type Scenario } from '../scenario/scenario.ts'
import { needed } from './arguments.ts'

export async function scenarioCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { file: { type: 'string' }, log: { type: 'string' } } })
  const log = rehearse(loadScenario(needed('file', values.file)))
  if (values.log) writeFileSync(values.log, log)
  else process.stdout.write(log)
}

/** Throws HubError when the file cannot be read or says what it may not. */
export function loadScenario(file: string): Scenario {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new HubError('config.unreadable', { value: file, limit: (error as Error).message })
  }
  return readScenario(text, file)
}
