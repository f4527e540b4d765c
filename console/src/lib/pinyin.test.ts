import { expect, test } from 'vitest'
import { initialsOf, soundsLike } from './pinyin.ts'

test.each([
  ['解放路 3 号球机', 'jfl3hqj'],
  ['蒸湘区', 'zxq'],
  ['雁峰区', 'yfq'],
  ['祁东县', 'qdx'],
  ['耒阳市', 'lys'],
  ['火灾', 'hz'],
  ['洪涝内涝', 'hlnl'],
  ['阿八做坐', 'abzz'],
  ['PM2.5 监测', 'pm25jc'],
  ['·—“”', ''],
])('%s begins with %s', (text, initials) => expect(initialsOf(text)).toBe(initials))

test('a name is found by characters, by letters of its own, and by first letters', () => {
  expect(soundsLike('解放路 12 号球机', 'jfl12')).toBe(true)
  expect(soundsLike('解放路 12 号球机', '放路')).toBe(true)
  expect(soundsLike('解放路 12 号球机', ' ')).toBe(true)
  expect(soundsLike('解放路 12 号球机', 'jfx')).toBe(false)
  expect(soundsLike('解放路', '解放北')).toBe(false)
})
