/** Why a viewer may not, and who can grant it. */
import type { Role } from '@hub/contracts'
import { t } from '../i18n/common.ts'

/** The security administrator, who grants it, is not told to ask for it: the three administrators exclude one another. */
export const deniedWords = (role: Role): string =>
  role === 'secadmin' ? t('denied.body.secadmin') : t('denied.body', { role: t(`role.${role}`) })
