/** The sentences of this folder: `t` gives them in the language in force. */
import { translator } from '../../i18n/translate.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

export const words = { zh, en }
export const { t } = translator(words)
