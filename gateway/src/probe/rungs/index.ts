/** The ladder, lowest rung first. The one place where a rung is put in force. */
import type { Rung } from '../rung.ts'
import { answers } from './answers.ts'
import { authenticated } from './authenticated.ts'
import { decodes } from './decodes.ts'
import { describes } from './describes.ts'

export const rungs: readonly Rung[] = [answers, authenticated, describes, decodes]
