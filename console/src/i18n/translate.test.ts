import { expect, test } from 'vitest'
import { t, translate } from './common.ts'
import { setLanguageSource, translator } from './translate.ts'

type Sentences = Record<string, string>
const zh = import.meta.glob<Sentences>('../**/zh.ts', { import: 'zh', eager: true })
const en = import.meta.glob<Sentences>('../**/en.ts', { import: 'en', eager: true })
const folders = Object.keys(zh).map((file) => file.slice(0, -'/zh.ts'.length))
const names = (text = '') => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

test.each(folders)('%s says every sentence in both languages, with parameters that the Chinese one has', (folder) => {
  const [chinese = {}, english = {}] = [zh[`${folder}/zh.ts`], en[`${folder}/en.ts`]]
  expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort())
  for (const [key, text] of Object.entries(english))
    for (const name of names(text)) expect(names(chinese[key]), key).toContain(name)
})

test('a sentence has one home: no folder says a key of another', () => {
  const homes = new Map<string, string[]>()
  for (const folder of folders)
    for (const key of Object.keys(zh[`${folder}/zh.ts`] ?? {})) homes.set(key, [...(homes.get(key) ?? []), folder])
  expect(homes.size).toBeGreaterThan(1_000)
  expect([...homes].filter(([, where]) => where.length > 1)).toEqual([])
})

test('parameters are filled in', () => {
  expect(translate('zh', 'time.h', { h: 3, min: 12 })).toBe('3 小时 12 分')
  const search = translator({ zh: { none: '没有“{query}”' }, en: { none: "Nothing matches '{query}'" } })
  expect(search.translate('en', 'none', { query: '{x}' })).toBe("Nothing matches '{x}'")
})

test('what is said follows the language in force, Chinese before anybody chose', () => {
  expect(t('state.down')).toBe('离线')
  setLanguageSource(() => 'en')
  expect(t('state.down')).toBe('Down')
  setLanguageSource(() => 'zh')
})
