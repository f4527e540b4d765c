export { audit } from './audit/append.ts'
export { type AuditAnchor, linkAudit, verifyAudit } from './audit/chain.ts'
export type { AccessConfig } from './config.ts'
export { type AccessOptions, accessModule, createAccessModule, openSessions } from './module.ts'
