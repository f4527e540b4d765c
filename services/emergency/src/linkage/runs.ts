/** Runs of linkage rules. */
import type { LinkageRun } from '@hub/contracts'
import type { Db } from '../tables.ts'

/** The latest first. */
export const runsOfIncident = async (_db: Db, _incident: string): Promise<LinkageRun[]> => []
