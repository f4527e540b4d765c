/** Files of an incident. Pure. */
import type { Attachment } from '@hub/contracts'

export const fileTypes = ['image/jpeg', 'image/png', 'application/pdf'] as const
export const largestFile = 8 * 1_048_576

/** Why a file would be refused; null: it would not. The hub looks at its bytes besides. */
export function faultOf({ type, size }: Pick<File, 'type' | 'size'>): 'type' | 'size' | null {
  if (!(fileTypes as readonly string[]).includes(type)) return 'type'
  return size > largestFile ? 'size' : null
}

/** The latest picture of a camera: its name begins with the camera's code. */
export const pictureOf = (attachments: readonly Attachment[], device: string): Attachment | null =>
  attachments
    .filter(({ name, type }) => type !== 'application/pdf' && name.startsWith(device))
    .toSorted((a, b) => b.at - a.at)[0] ?? null

/** `12 kB`, `3.4 MB`. */
export const sizeWords = (bytes: number): string =>
  bytes < 1_048_576 ? `${Math.max(1, Math.round(bytes / 1_024))} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`
