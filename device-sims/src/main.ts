import { HubError } from '@hub/contracts'
import { answerProbesCommand } from './cli/answer-probes.ts'
import { eventCommand } from './cli/event.ts'
import { faultCommand, logCommand } from './cli/fault.ts'
import { fleetCommand } from './cli/fleet.ts'
import { help } from './cli/help.ts'
import { scenarioCommand } from './cli/scenario.ts'
import { serveCommand } from './cli/serve.ts'

const commands: Record<string, (args: string[]) => Promise<void>> = {
  fleet: fleetCommand,
  serve: serveCommand,
  fault: faultCommand,
  event: eventCommand,
  log: logCommand,
  scenario: scenarioCommand,
  /** Started by `serve` for fleets too large for one process. */
  'answer-probes': answerProbesCommand,
}

const [name = 'help', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (!command || args.includes('--help')) {
  console.log(help)
  process.exitCode = command || /^(--)?help$/.test(name) ? 0 : 2
} else {
  try {
    await command(args)
  } catch (error) {
    const known = error instanceof HubError || (error as NodeJS.ErrnoException).code !== undefined
    if (!known) throw error
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
