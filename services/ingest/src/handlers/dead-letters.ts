/** What was refused and kept. Whoever has some districts sees what their own devices sent; what gateways sent may speak of any. */
import { topic } from '@hub/contracts'
import { type Deps, type Handlers, listDeadLetters } from '@hub/platform'

/** Bytes of each that are shown. */
const shownBytes = 2_048

export function deadLetterHandlers({ clock, record }: Deps): Pick<Handlers, 'deadLetters'> {
  return {
    async deadLetters({ viewer: { scope }, query }) {
      // The code of a device begins with its district.
      const sources = scope === 'city' ? undefined : scope.map((district) => beginningFor(district))
      const rows = await listDeadLetters(record.db, query, sources)
      const letters = rows.map(({ payload, ...letter }) => ({
        ...letter,
        source: printable(letter.source),
        reason: printable(letter.reason),
        bytes: payload.length,
        text: printable(Buffer.from(payload.subarray(0, shownBytes)).toString()),
      }))
      return { asOf: clock.now(), letters, next: rows.length === query.limit ? (rows.at(-1)?.id ?? null) : null }
    },
  }
}

const beginningFor = (district: string): string =>
  topic('telemetry', { device: district }).split(district)[0] + district

/** Controls, and what turns the direction of a line, would hide what is there. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (c) => (c === '\n' ? c : '�'))
