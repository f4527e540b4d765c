/** What a cell of the camera record says, once what people and spreadsheets do to cells is undone, or refused where it cannot be. */
import { limitText, type RecordField } from '@hub/contracts'

/** `marked`: the file says that it is text, so no spreadsheet took it for a number. */
export type TableCell = { text: string; marked: boolean }

const dates: readonly RecordField[] = ['installTime', 'plannedAt', 'acceptedAt', 'inServiceAt', 'retiredAt']
const numbers: readonly RecordField[] = ['longitude', 'latitude', 'recordSaveDays', 'port', 'poleHeight']
const deviceCodes: readonly RecordField[] = ['id', 'parentId']
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
const scientific = /^\d(\.\d+)?[eE]\+\d{2,}$/
const spoiledCode = /^\d{15}00000$/

/** @returns the text that the field's schema judges, or why it cannot be told any more */
export function readRecordCell(field: RecordField, { text, marked }: TableCell): { value: string } | { limit: string } {
  if (excelError.test(text)) return { limit: limitText('excel-error') }
  if (free.includes(field)) return scientific.test(text) ? { limit: limitText('excel-number') } : { value: text }
  const value = narrow(text)
  if (!numbers.includes(field) && scientific.test(value)) return { limit: limitText('excel-number') }
  if (deviceCodes.includes(field)) {
    // A `'` typed before a code is how people tell a spreadsheet that it is text.
    const code = value.replace(/^'(?=\d)/, '')
    return spoiledCode.test(code) && !marked && code === value ? { limit: limitText('excel-zeros') } : { value: code }
  }
  return { value: dates.includes(field) ? isoDate(value) : value }
}

/** Full-width ASCII (U+FF01–FF5E) and the ideographic space, as Chinese input methods write figures. */
const narrow = (text: string): string =>
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
