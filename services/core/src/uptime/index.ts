export { accountAdjusted, accountEach } from './adjustment/account.ts'
export { type AdjustmentIndex, indexAdjustments } from './adjustment/by-device.ts'
export { type Claim, type Claiming, claimsOf } from './adjustment/claims.ts'
export { type AdjustableDevice, coverage, covers } from './adjustment/covers.ts'
export { type Stretch, stretchesOf } from './adjustment/stretches.ts'
export { windowsOf } from './adjustment/windows.ts'
export { changedRules, isRateRule, judgedBy, judgingWords, uptimePolicy, versionsIn } from './judging.ts'
export type { KpiFigure } from './kpi/figure.ts'
export { type IntactDevice, intact, measuredParts } from './kpi/intact.ts'
export { onlineSnapshot, onlineTime, platformNormal } from './kpi/online.ts'
export {
  clockRight,
  type PositionVerdict,
  positionRight,
  positionVerdict,
  type RequiredFields,
  recordComplete,
  requiredFields,
} from './kpi/registry.ts'
export { kpiRule, uptimeRules } from './kpi/rules.ts'
