import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { createLog } from '@hub/platform'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFirstLogins } from './first-logins.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'first-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function onScreen(isTTY: boolean) {
  const lines: string[] = []
  const shown: string[] = []
  const log = createLog(
    { name: 'test', level: 'trace' },
    new PassThrough().on('data', (line) => lines.push(`${line}`)),
  )
  const write = (text: unknown) => shown.push(String(text)) > 0
  return { logins: createFirstLogins(folder, log, { isTTY, write }), lines, shown }
}

it('a terminal shows a first login, and nothing keeps it', () => {
  const { logins, lines, shown } = onScreen(true)
  logins.show('security', 'a-secret')
  expect(shown).toEqual(['first login: user security password a-secret\n'])
  expect([...lines, ...readdirSync(folder)]).toEqual([])
})

it('what is no terminal is a log: there the secret lies in a private file, and the log says where', () => {
  const { logins, lines, shown } = onScreen(false)
  logins.show('security', 'a-secret')
  const file = join(folder, 'first-login-security')
  expect(readFileSync(file, 'utf8')).toBe('a-secret\n')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(lines.join('')).toContain(file)
  expect([...shown, ...lines].join('')).not.toContain('a-secret')
  logins.used('security')
  expect(readdirSync(folder)).toEqual([])
  logins.used('security')
})
