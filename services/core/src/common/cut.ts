/** The one way in which a rate becomes digits: cut, never rounded. A rate must not be seen to reach a target that it misses. */

/**
 * Whole parts of a share: `cutShare(0.95996, 10_000)` is 9,599. Exact for a quotient as the machine gives it: 0.57 is 57 hundredths,
 * though 0.57 × 100 is less in binary fractions.
 */
export function cutShare(share: number, parts: number): number {
  const near = Math.round(share * parts)
  return near / parts <= share ? near : near - 1
}

/** The digits of a share in percent, without the sign: `0.95996` → `95.99`. */
export const percentDigits = (share: number, decimals = 2): string =>
  (cutShare(share, 100 * 10 ** decimals) / 10 ** decimals).toFixed(decimals)

/** A rate as every page, file, answer and message prints it: `95.99 %`; a dash where nothing is known. */
export const rateText = (rate: number | null): string => (rate === null ? '—' : `${percentDigits(rate)} %`)

/** A row with a rate, for an answer: whoever shows it need not cut it, and whoever adds up has the number. */
export const withRateText = <Row extends { rate: number | null }>(row: Row): Row & { rateText: string } => ({
  ...row,
  rateText: rateText(row.rate),
})

/** The share that is printed, 0 to 1, to two decimals of a percentage: for a spreadsheet, which would round what it shows. */
export const printedShare = (share: number): number => cutShare(share, 10_000) / 10_000

/** How far two printed rates are apart, in hundredths of a point: what a reader gets who subtracts them. */
export const hundredthsApart = (now: number, before: number): number => cutShare(now, 10_000) - cutShare(before, 10_000)
