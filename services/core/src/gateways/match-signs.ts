/** What a found device says of itself that a planned record may say too, written alike on both sides. */
import { type DeviceId, districtOf, type FoundDevice, type MatchBasis } from '@hub/contracts'

/** Absent: it says nothing of the kind. */
export type Signs = { [B in MatchBasis]?: string }

/** A recorded camera that no gateway watches yet. */
export type Planned = {
  id: DeviceId
  name?: string | null | undefined
  ipAddress?: string | null | undefined
  mac?: string | null | undefined
  serial?: string | null | undefined
}

export type Found = Pick<FoundDevice, 'address' | 'name' | 'mac' | 'serial'>

const code = /(?<!\d)\d{20}(?!\d)/

/** A 20-digit number that begins with a district of the city; any other is somebody's serial number. */
function codeIn(text: string | undefined): DeviceId | undefined {
  const found = text === undefined ? undefined : code.exec(text)?.[0]
  return found !== undefined && districtOf(found) ? found : undefined
}

const said = (text: string | null | undefined): string | undefined => text?.trim() || undefined
const serialOf = (text: string | null | undefined) => said(text)?.toUpperCase()
/** Six pairs, however they are parted. All zeros or all ones is a camera that does not know its own. */
function macOf(text: string | null | undefined): string | undefined {
  const digits = text?.replace(/[^\da-f]/gi, '').toUpperCase()
  return digits?.length === 12 && !/^(0+|F+)$/.test(digits) ? digits : undefined
}

export function signsOfFound({ address, name, mac, serial }: Found): Signs {
  const code = codeIn(serial)
  return signs(code ?? codeIn(name), code ? undefined : serialOf(serial), mac, address, name)
}

export const signsOfPlanned = ({ id, serial, mac, ipAddress, name }: Planned): Signs =>
  signs(id, serialOf(serial), mac, said(ipAddress), name)

function signs(
  code: string | undefined,
  serial: string | undefined,
  mac: string | null | undefined,
  address: string | undefined,
  name: string | null | undefined,
): Signs {
  const all: Signs = {}
  if (code !== undefined) all.code = code
  if (serial !== undefined) all.serial = serial
  const hex = macOf(mac)
  if (hex !== undefined) all.mac = hex
  if (address !== undefined) all.address = address
  const words = said(name)
  if (words !== undefined) all.name = words
  return all
}
