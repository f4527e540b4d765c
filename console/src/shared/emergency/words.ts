/** The sentences of this folder: `t` gives them in the language in force, `translate` in a given one. */
import { words as common } from '../../i18n/common.ts'
import { translator } from '../../i18n/translate.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

export const words = { zh: { ...common.zh, ...zh }, en: { ...common.en, ...en } }
export const { t, translate } = translator(words)
