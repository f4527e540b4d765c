import { describe, expect, it } from 'vitest'
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
