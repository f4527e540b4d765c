/** One verification from beginning to end: what the command and the page both show. */
import { checkAnchored, readAnchor } from './anchor.ts'
import type { Findings } from './findings.ts'
import { type Pack, verifyPack } from './pack.ts'

/** @param anchor its text; undefined: there is none at hand */
export async function verifyAll(bytes: Uint8Array<ArrayBuffer>, anchor: string | undefined): Promise<Pack> {
  const pack = await verifyPack(bytes)
  if (anchor === undefined) pack.found.note('anchor', 'no-anchor')
  else checkAnchored(pack, readAnchor(anchor, pack.found))
  return pack
}

export const isSound = ({ faults }: Findings): boolean => faults.length === 0

/** Eight by eight, to be compared by eye or read out on the telephone. */
export const grouped = (fingerprint: string): string => fingerprint.match(/.{1,8}/g)?.join(' ') ?? ''
