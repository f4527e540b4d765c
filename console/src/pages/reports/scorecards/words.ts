/** The sentences of this folder: `t` gives them in the language in force, `translate` in a given one. */

import { translator } from '../../../i18n/translate.ts'
import { words as ofPage } from '../words.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

export const words = { zh: { ...ofPage.zh, ...zh }, en: { ...ofPage.en, ...en } }
export const { t, translate } = translator(words)
