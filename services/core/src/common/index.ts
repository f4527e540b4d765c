export { cutShare, hundredthsApart, percentDigits, printedShare, rateText, withRateText } from './cut.ts'
export { boundsOf, type DistrictShape, districtShapes, insideDistrict } from './geo/districts.ts'
export { Backpressure } from './mqtt/backpressure.ts'
export { connectFault } from './mqtt/connect.ts'
export { type FrameLimits, frameChecker } from './mqtt/frames.ts'
export { covers as filterCovers, matches as filterMatches } from './mqtt/topic-filter.ts'
export { answerUnspoken, type PacketParser } from './mqtt/unspoken.ts'
export { type Devices, requireSeen, seenAmong } from './seen.ts'
export { sift } from './sift.ts'
export { cellsOf, type LineFault, type Separator, separatorOf, separators } from './table/cells.ts'
export { decodeLines, type Encoding, encodings, type Line, type Lines } from './table/decode.ts'
export { neutralise, readCell, textCell } from './table/neutralise.ts'
export { decodeEither } from './text/charset.ts'
export { plainLines, plainText, plainValue } from './text/plain-text.ts'
export { provenanceIn } from './text/provenance.ts'
export { account, addTotals, onlineRate, type Timed, type Totals } from './time/account.ts'
export {
  cityMinute,
  cityOffsetMs,
  cityTime,
  cityTimeExact,
  dateStart,
  dayOf,
  daySpan,
  dayStart,
  daysIn,
  monthOf,
  monthSpan,
} from './time/city.ts'
export { type LimitShare, limitColour, nearFrom } from './time/limit.ts'
export { periodOf } from './time/period.ts'
export { intersectSpans, type Span, unionSpans } from './time/span.ts'
export { dayMs, hourMs, minuteMs, secondMs } from './time/units.ts'
