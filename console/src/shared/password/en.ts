/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'password.title': 'Change password',
  'password.old': 'Current password',
  'password.new': 'New password',
  'password.again': 'New password again',
  'password.hint': 'At least 10 characters, other than the current one, without the user name.',
  'password.differ': 'The two new passwords differ.',
  'password.ends': 'Sessions in other browsers end with it.',
  'password.first':
    'Somebody else has set the current password: at the first login it is changed to one that only you know.',
  'password.submit': 'Change password',
}
