/** What a cell of the camera record says, once what people and spreadsheets do to cells is undone, or refused where it cannot be. */
import { limitText, type RecordField } from '@hub/contracts'

/** `marked`: the file says that it is text, so no spreadsheet took it for a number. */
export type TableCell = { text: string; marked: boolean }

const dates: readonly RecordField[] = ['installTime', 'plannedAt', 'acceptedAt', 'inServiceAt', 'retiredAt']
const numbers: readonly RecordField[] = ['longitude', 'latitude', 'recordSaveDays', 'port', 'poleHeight']
/** Names and descriptions, in which full-width letters and figures are as good as others. */
const free: readonly RecordField[] = [
  'name',
  'manufacturer',
  'model',
  'address',
  'block',
  'managementUnit',
  'industrialClassification',
  'owner',
  'builder',
  'maintainer',
  'policeStation',
  'subdistrict',
  'project',
  'batch',
  'powerSource',
]

const excelError = /^(#(N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!)|#{3,})$/
const scientific = /^-?\d([.,]\d+)?[eE]\+\d{2,}$/
/**
 * A number of more than 15 digits as Excel keeps it: zeros after the fifteenth. What begins with a zero never was a number. Of 16 and 17
 * digits one in ten and one in a hundred end so by themselves, and Excel writes them in scientific notation unless it was told otherwise.
 */
const spoiled = /^[1-9]\d{14}(0{3,})$/

/** @returns the text that the field's schema judges, or why it cannot be told any more */
export function readRecordCell(field: RecordField, { text, marked }: TableCell): { value: string } | { limit: string } {
  if (excelError.test(text)) return { limit: limitText('excel-error') }
  const value = free.includes(field) ? text : narrow(text)
  if (dates.includes(field)) return { value: isoDate(value) }
  if (numbers.includes(field)) return { value }
  if (scientific.test(value)) return { limit: limitText('excel-number') }
  // A serial number of 18 digits is spoiled as a code of 20 is: whatever is no figure to reckon with may be one.
  const zeros = marked ? undefined : spoiled.exec(value)?.[1]
  if (zeros) return { limit: limitText('excel-zeros', { zeros }) }
  // A `'` typed before a code is how people tell a spreadsheet that it is text.
  return { value: free.includes(field) ? value : value.replace(/^'(?=\d{12,}$)/, '') }
}

/** Full-width ASCII (U+FF01–FF5E) and the ideographic space, as Chinese input methods write figures. */
export const narrow = (text: string): string =>
  text.replace(/[\uff01-\uff5e\u3000]/g, (c) => (c === '\u3000' ? ' ' : String.fromCharCode(c.charCodeAt(0) - 0xfee0)))

/** The year first, as Excel in China and people write it; midnight is no time. Anything else is left to the schema to refuse. */
function isoDate(text: string): string {
  const [, year, month, day] =
    /^(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?$/
      .exec(text)
      ?.filter((_, n) => n !== 2) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text) ??
    []
  return year ? `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}` : text
}
