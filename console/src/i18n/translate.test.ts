import { expect, test } from 'vitest'
import { en } from './en.ts'
import { translate } from './translate.ts'
import { zh } from './zh.ts'

const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

test('every sentence has the same keys in both languages and only parameters that the Chinese one has', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  for (const key of Object.keys(zh) as (keyof typeof zh)[])
    for (const name of names(en[key])) expect(names(zh[key]), key).toContain(name)
})

test('parameters are filled in', () => {
  expect(translate('zh', 'time.h', { h: 3, min: 12 })).toBe('3 小时 12 分')
  expect(translate('en', 'search.none', { query: '{x}' })).toBe("Nothing matches '{x}'")
})
