export { type AddressMove, agreedMoves } from './agreed-moves.ts'
export { emptyDigest, toggled } from './assignment-digest.ts'
export { type IdentityChange, identityAndRemarks, identityChanges, nextIdentity } from './identity-changes.ts'
export {
  addHash,
  bucketOf,
  bucketRange,
  differingBuckets,
  digestText,
  foundHash,
  hashFrom,
  hashText,
  identityHash,
  inventoryBuckets,
  removeHash,
} from './inventory-digest.ts'
export { indexPlanned, matchPlanned, type PlannedIndex, type PlannedMatch } from './match-planned.ts'
export { type FoundAt, matchRollout } from './match-rollout.ts'
export { type Found, type Planned, type Signs, signsOfFound, signsOfPlanned } from './match-signs.ts'
export { isGatewayOnline } from './online.ts'
export { serviceAddress } from './service-address.ts'
