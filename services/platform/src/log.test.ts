import { expect, it } from 'vitest'
import { createLog } from './log.ts'

const canary = 'canary-4711'

it('cuts out secrets by name, wherever they stand', () => {
  const lines: string[] = []
  const log = createLog({ name: 'test', level: 'trace' }, { write: (line) => void lines.push(line) })
  log.info({ password: canary, user: 'admin' }, 'top')
  log.info({ config: { bus: { password: canary }, token: canary } }, 'nested')
  log.info({ a: { b: { c: { passwordHash: canary } } } }, 'deep')
  log.info({ req: { headers: { authorization: canary, cookie: canary } } }, 'headers')
  log.info({ res: { headers: { 'set-cookie': canary } } }, 'set-cookie')
  log.warn({ credentials: { sims: { secret: canary } } }, 'secret')
  log.child({ password: canary }).error('child')
  const all = lines.join('')
  expect(lines).toHaveLength(7)
  expect(all).not.toContain(canary)
  expect(all).toContain('[redacted]')
  expect(all).toContain('admin')
})
