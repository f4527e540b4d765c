/** The sentences that more than one folder says. */
import { en } from './en.ts'
import { translator } from './translate.ts'
import { zh } from './zh.ts'

export const words = { zh, en }
export const { t, translate } = translator(words)
