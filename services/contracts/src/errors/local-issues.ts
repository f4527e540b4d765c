/** How the limits of schemas are worded for people, by language. */
import { z } from 'zod'

export const localIssues = { en: z.locales.en().localeError, zh: z.locales.zhCN().localeError } as const
