import { describe, expect, it } from 'vitest'
import { startProgram } from '../../../test/support/program.ts'
import { silentLog } from './log.ts'
import { type Module, runModules } from './module.ts'

const deps = { log: silentLog }

function table(faults: { [what: string]: true } = {}) {
  const events: string[] = []
  const step = async (what: string) => {
    events.push(what)
    if (faults[what]) throw new Error(what)
  }
  const modules = ['a', 'b', 'c'].map(
    (name): Module<typeof deps> => ({
      name,
      create: () => ({ start: () => step(`start ${name}`), stop: () => step(`stop ${name}`) }),
    }),
  )
  return { events, modules }
}

describe('modules', () => {
  it('start in order and stop in reverse, once', async () => {
    const { events, modules } = table()
    const { stop } = await runModules(modules, deps)
    await Promise.all([stop(), stop()])
    expect(events).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a'])
  })

  it('that started are stopped when a later one does not', async () => {
    const { events, modules } = table({ 'start b': true })
    await expect(runModules(modules, deps)).rejects.toThrow('start b')
    expect(events).toEqual(['start a', 'start b', 'stop a'])
  })

  it('stop although one of them fails to', async () => {
    const { events, modules } = table({ 'stop c': true })
    const { stop } = await runModules(modules, deps)
    await stop()
    expect(events.slice(3)).toEqual(['stop c', 'stop b', 'stop a'])
  })
})

describe('a signal', () => {
  /** Runs a process whose `stop` is this expression, and sends it the signals one after the other; its exit code. */
  async function exitCode(stop: string, ...signals: NodeJS.Signals[]): Promise<number | null> {
    const platform = new URL('./index.ts', import.meta.url).href
    const script = `import { stopOnSignals, silentLog } from '${platform}'
      stopOnSignals(() => (console.log('stopping'), ${stop}), silentLog); setInterval(() => {}, 1_000); console.log('ready')`
    const child = startProgram(process.execPath, ['--input-type=module', '-e', script])
    await child.firstWords()
    for (const signal of signals) {
      process.kill(child.pid, signal)
      // Two of a kind that are both pending are one signal: the first is handled before the second is sent.
      await expect.poll(() => child.printed(), { timeout: 20_000 }).toContain('stopping')
    }
    return (await child.ended).code
  }

  it.each<[string, NodeJS.Signals[], number]>([
    ['Promise.resolve()', ['SIGTERM'], 0],
    ['Promise.reject(new Error())', ['SIGTERM'], 1],
    ['new Promise(() => {})', ['SIGINT', 'SIGINT'], 1],
  ])('with a stop of %s: %j ends the process with %i', async (stop, signals, code) =>
    expect(await exitCode(stop, ...signals)).toBe(code),
  )
})
