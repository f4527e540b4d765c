/** Does the stream decode, and does the picture move? Takes seconds and a decoder, so it is not asked with a probe. */
import type { Rung } from '../rung.ts'

export const decodes: Rung = {
  name: 'decodes',
  every: () => 0,
  ready: ({ pictureSubject }) => pictureSubject !== undefined,
  run: async ({ pictures, pictureSubject }) => pictureSubject && pictures?.judge(pictureSubject),
}
