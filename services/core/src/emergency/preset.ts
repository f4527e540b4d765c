/** Which preset of a camera shows a place, as far as names tell. */

export type NamedPreset = { token: string; name: string }

const sides = [
  ['北', 'north'],
  ['东北', 'northeast'],
  ['东', 'east'],
  ['东南', 'southeast'],
  ['南', 'south'],
  ['西南', 'southwest'],
  ['西', 'west'],
  ['西北', 'northwest'],
] as const

/**
 * The preset of that name; without a name the one whose own is nearest to the place: the longest piece that it shares with the address, and
 * the side on which the place lies. Undefined where none is like it.
 * @param bearing from the camera to the place, degrees from north
 */
export function choosePreset(
  presets: readonly NamedPreset[],
  wanted: string | null,
  place: { address: string; bearing: number | null },
): NamedPreset | undefined {
  if (wanted !== null) return presets.find(({ name }) => name === wanted)
  const score = ({ name }: NamedPreset) => shared(name, place.address) * 2 + sideScore(name, place.bearing)
  let best: NamedPreset | undefined
  for (const preset of presets) if (score(preset) > (best ? score(best) : 0)) best = preset
  return best
}

/** 3 for its side, 1 for the one beside it. */
function sideScore(name: string, bearing: number | null): number {
  if (bearing === null) return 0
  const place = Math.round(bearing / 45) % 8
  const lower = name.toLowerCase()
  // The longer names first: 东北 is no 东.
  const named = [...sides.keys()]
    .sort((a, b) => sides[b]![0].length - sides[a]![0].length)
    .find((n) => name.includes(sides[n]![0]) || new RegExp(`\\b${sides[n]![1]}\\b`).test(lower))
  if (named === undefined) return 0
  const apart = Math.min((named - place + 8) % 8, (place - named + 8) % 8)
  return apart === 0 ? 3 : apart === 1 ? 1 : 0
}

/** Length of the longest piece that both have; of less than two characters it is chance. */
function shared(a: string, b: string): number {
  for (let length = Math.min(a.length, b.length); length >= 2; length--)
    for (let from = 0; from + length <= a.length; from++) if (b.includes(a.slice(from, from + length))) return length
  return 0
}
