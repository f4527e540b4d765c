/** H.264 Annex B: a byte stream into pictures (ITU-T H.264 7.3.1, 7.4.1.2.3). */

export type Picture = {
  /** NAL units without start codes; parameter sets left out. */
  units: Buffer[]
  /** IDR: can be shown without what came before. */
  key: boolean
}

export type Stream264 = { sps: Buffer; pps: Buffer; pictures: Picture[] }

const type = (unit: Buffer): number => unit[0]! & 0x1f

/** first_mb_in_slice is 0: its Exp-Golomb code is a single 1 bit. */
const beginsPicture = (slice: Buffer): boolean => (slice[1]! & 0x80) !== 0

/** Parameter sets and pictures, in order. Throws when the stream cannot begin. */
export function readAnnexB(bytes: Buffer): Stream264 {
  let sps: Buffer | undefined
  let pps: Buffer | undefined
  const pictures: Picture[] = []
  for (const unit of splitUnits(bytes)) {
    if (type(unit) === 7) sps ??= unit
    else if (type(unit) === 8) pps ??= unit
    else if (type(unit) === 1 || type(unit) === 5) {
      if (beginsPicture(unit)) pictures.push({ units: [unit], key: type(unit) === 5 })
      else pictures.at(-1)?.units.push(unit)
    }
  }
  if (!sps || !pps || !pictures[0]?.key)
    throw new TypeError('the clip does not begin with parameter sets and an IDR picture')
  return { sps, pps, pictures }
}

function* splitUnits(bytes: Buffer): Generator<Buffer> {
  const mark = Buffer.from([0, 0, 1])
  let start = bytes.indexOf(mark)
  while (start >= 0) {
    const next = bytes.indexOf(mark, start + 3)
    let end = next < 0 ? bytes.length : next
    while (end > start + 3 && bytes[end - 1] === 0) end--
    yield bytes.subarray(start + 3, end)
    start = next
  }
}
