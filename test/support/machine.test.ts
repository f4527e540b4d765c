import { expect, test } from 'vitest'
import { commandPath, verdict } from './machine.ts'

const server = { what: 'no influxd' }
const optional = { what: 'no victoria-metrics', optional: 'not everywhere' }

test.each([
  ['nothing is missing', [], false, 'run'],
  ['nothing is missing, in CI', [], true, 'run'],
  ['a server is missing', [server], false, 'skip'],
  ['a server is missing, in CI', [server], true, 'fail'],
  ['what CI may do without is missing', [optional], true, 'skip'],
  ['both are missing, in CI', [optional, server], true, 'fail'],
] as const)('%s: a suite that needs it', (_, lacks, ci, outcome) => expect(verdict(lacks, ci)).toBe(outcome))

test('a command is found on PATH or by its path', () => {
  expect(commandPath('sh')).toMatch(/^\/.*\/sh$/)
  expect(commandPath('/bin/sh')).toBe('/bin/sh')
  expect(commandPath('no-such-program')).toBe(undefined)
})
