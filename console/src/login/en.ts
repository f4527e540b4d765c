/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'login.submit': 'Log in',
  'login.busy': 'Logging in…',
  'login.wrong': 'User or password is wrong.',
  'login.locked': 'Too many tries: this account is locked for a while.',
  'login.offline': 'The hub does not answer. Check the network and try again.',
  'login.ended': 'The session has ended. Please log in again.',
  'login.back': 'Log out',
  'login.help': 'Forgotten password? Ask the security administrator.',
}
