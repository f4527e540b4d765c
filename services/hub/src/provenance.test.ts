import { provenances } from '@hub/contracts'
import { provenanceIn } from '@hub/core'
import { checkConfig } from '@hub/platform'
import { expect, test } from 'vitest'
import { HubConfig } from './config.ts'

test('every provenance of the default configuration is said in the reader’s language', () => {
  const { policy } = checkConfig(HubConfig, { data: '/tmp', adminPassword: 'a password for tests' })
  const texts = [...JSON.stringify(policy).matchAll(/"provenance":"([^"]*)"/g)].map(([, text]) => text!)
  expect(texts.length).toBeGreaterThanOrEqual(5)
  for (const text of texts) {
    expect(provenanceIn('zh', text)).toBe(text)
    expect(provenanceIn('en', text)).not.toMatch(/\p{Script=Han}/u)
  }
})

test('what a person has written stays as it was written', () => {
  expect(provenanceIn('en', '运维合同 2026-7')).toBe('运维合同 2026-7')
  expect(provenanceIn('en', provenances.repair.zh)).toBe(provenances.repair.en)
})
