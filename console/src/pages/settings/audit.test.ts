import { expect, test } from 'vitest'
import { actionWords, auditActions } from './audit.ts'

test('a known action is said in words, another keeps its name', () => {
  expect(actionWords('scorecard.lock', 'zh')).toBe('锁定考核')
  expect(actionWords('scorecard.lock', 'en')).toBe('Locked a scorecard')
  expect(actionWords('moon.land', 'zh')).toBe('moon.land')
  expect(auditActions).toContain('adjustment.approve')
})
