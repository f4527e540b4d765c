export type { NotifyConfig } from './config.ts'
export { notifyModule } from './module.ts'
export { notificationPolicyOf } from './notifier.ts'
