/** What the camera record says of a camera, against what the camera says of itself. */
import type { DeviceIdentity, DeviceRecord, RecordField } from '@hub/contracts'

export type Difference = { field: RecordField; recorded: string; found: string }
/** What discovery adds to an identity. */
type Claimed = { mac?: string | undefined; serial?: string | undefined }

/** Fields that both state, and not the same. A field that either leaves out is not compared. */
export function recordDifferences(record: DeviceRecord, found: Partial<DeviceIdentity> & Claimed): Difference[] {
  const { width, height, codec } = found
  const resolution = width !== undefined && height !== undefined ? `${width}x${height}` : undefined
  const all: [RecordField, string | undefined, (recorded: string, found: string) => boolean][] = [
    ['manufacturer', found.manufacturer, sameMaker],
    ['model', found.model, sameLetters],
    ['serial', found.serial, sameLetters],
    ['mac', found.mac, sameLetters],
    ['resolution', resolution, (recorded, is) => resolutionsOf(recorded).includes(is)],
    ['encodeType', codec, (recorded, is) => codecsOf(recorded).includes(codecOf(is))],
  ]
  return all.flatMap(([field, is, same]) => {
    const recorded = record[field]
    if (recorded === undefined || is === undefined || is === '') return []
    return same(String(recorded), is) ? [] : [{ field, recorded: String(recorded), found: is }]
  })
}

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
const sameLetters = (a: string, b: string): boolean => letters(a) === letters(b)

/** The record names makers in Chinese, cameras in Latin letters. */
const makers: readonly (readonly string[])[] = [
  ['hikvision', '海康威视', '海康', 'hik'],
  ['dahua', '大华', 'dahuatechnology'],
  ['uniview', '宇视', 'unv'],
  ['huawei', '华为'],
  ['tiandy', '天地伟业'],
  ['kedacom', '科达'],
  ['axis', '安讯士', 'axiscommunications'],
  ['hanwha', '韩华', 'samsungtechwin'],
  ['bosch', '博世'],
  ['sony', '索尼'],
  ['panasonic', '松下'],
  ['tplink', '普联'],
  ['ezviz', '萤石'],
]

/** The rest of a company's name does not tell makers apart. */
const companyWords =
  /(股份有限公司|有限公司|科技|数字技术|技术|coltd|ltd|inc|corporation|corp|technologies|technology|ab)$/u

function makerOf(text: string): string {
  let name = letters(text)
  for (let shorter = name.replace(companyWords, ''); shorter !== name && shorter !== ''; )
    [name, shorter] = [shorter, shorter.replace(companyWords, '')]
  const known = makers.findIndex((spellings) => spellings.some((spelling) => name === spelling))
  const within =
    known >= 0 ? known : makers.findIndex(([latin, chinese]) => name.includes(latin!) || name.includes(chinese!))
  return within >= 0 ? makers[within]![0]! : name
}
const sameMaker = (a: string, b: string): boolean => makerOf(a) === makerOf(b)

/** Resolutions of the `f` field of GB/T 28181-2022 annex G; a record may list several, parted by `/`. */
const resolutionCodes: Record<string, readonly string[]> = {
  '1': ['176x144'],
  '2': ['352x288'],
  '3': ['704x576'],
  '4': ['704x576', '720x576'],
  '5': ['1280x720'],
  '6': ['1920x1080'],
  qcif: ['176x144'],
  cif: ['352x288'],
  '4cif': ['704x576'],
  d1: ['704x576', '720x576'],
  '720p': ['1280x720'],
  '1080p': ['1920x1080'],
  '1080i': ['1920x1080'],
  '2k': ['2560x1440'],
  '4k': ['3840x2160'],
}

function resolutionsOf(recorded: string): readonly string[] {
  return recorded
    .toLowerCase()
    .split(/[/,，;；]/)
    .flatMap((part) => {
      const text = part.trim()
      const pair = /^(\d{2,5})\s*[x×*]\s*(\d{2,5})$/.exec(text)
      return pair ? [`${pair[1]}x${pair[2]}`] : (resolutionCodes[text] ?? [text])
    })
}

/** Video codecs of the same field by their numbers, and the usual spellings. */
const codecNames: Record<string, string> = {
  '1': 'mpeg4',
  '2': 'h264',
  '3': 'svac',
  '5': 'h265',
  avc: 'h264',
  hevc: 'h265',
  mp4v: 'mpeg4',
  mjpeg: 'jpeg',
}
const codecOf = (text: string): string => codecNames[letters(text)] ?? letters(text)
const codecsOf = (recorded: string): string[] => recorded.split(/[/,，;；]/).map(codecOf)
