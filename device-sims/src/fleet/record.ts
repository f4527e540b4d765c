/** The camera record (一机一档) of a fleet as CSV, in the header of the contract's field table. */
import {
  coordinateColumn,
  type DeviceRecord,
  districts,
  type PointClass,
  recordFieldNames,
  recordFields,
} from '@hub/contracts'
import { createRandom, hash } from '../random.ts'
import { places } from './places.ts'
import type { Fleet, FleetCamera, FleetSensor } from './types.ts'

const maintainers = {
  telecom: ['中国电信衡阳分公司', '10000'],
  mobile: ['中国移动衡阳分公司', '10086'],
  unicom: ['中国联通衡阳分公司', '10010'],
  cable: ['湖南有线衡阳网络公司', '96531'],
} as const
/** Share of each point class among cameras. */
const pointShare = { 1: 0.3, 2: 0.45, 3: 0.25, 9: 0 } as const

/** Header and one line for each device; lines end in CRLF (RFC 4180). */
export function recordCsv(fleet: Fleet): string {
  const lines: string[][] = [[...recordFieldNames.map((name) => recordFields[name].csv), coordinateColumn]]
  for (const device of [...fleet.cameras, ...fleet.sensors]) {
    const record = deviceRecord(device)
    lines.push([...recordFieldNames.map((name) => cell(record[name])), 'WGS-84'])
  }
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`
}

const cell = (value: string | number | undefined): string => {
  const text = value === undefined ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One device's record, complete for its point class; what it does not share with the fleet file follows from its code. */
export function deviceRecord(device: FleetCamera | FleetSensor): DeviceRecord {
  const random = createRandom(hash(device.id))
  const district = districts.find((d) => d.code === device.district)!
  const town = random.pick(places[device.district].towns)
  const pointType = device.kind === 'sensor' ? '9' : random.weighted<PointClass>(pointShare)
  const batch = random.below(3) + 1
  const month = random.below(9) + 1
  const maintainer = maintainers[device.carrier]
  return {
    id: device.id,
    name: device.name,
    manufacturer: device.kind === 'camera' ? device.manufacturer : 'Xiangjiang IoT',
    model: device.kind === 'camera' ? device.model : `XJ-${device.measures.join('-').toUpperCase()}`,
    civilCode: device.district,
    address: `湖南省衡阳市${district.zh}${town}${device.name.slice(district.zh.length).split(' ')[0]}`,
    parental: '0',
    parentId: `${device.district}00002000000001`,
    registerWay: '1',
    secrecy: '0',
    status: 'ON',
    grassrootsCode: `${device.district}${String(random.below(40) + 1).padStart(6, '0')}`,
    pointType,
    longitude: device.longitude,
    latitude: device.latitude,
    installTime: date(month, random.below(28) + 1),
    contactInfo: `0734-12345转${random.below(900) + 100}`,
    recordSaveDays: pointType === '1' ? 90 : 30,
    ...(device.kind === 'camera' ? cameraFields(device, random.below(8) + 1) : {}),
    kind: device.kind,
    application: device.application,
    carrier: device.carrier,
    stage: 'in-service',
    owner: `衡阳市公安局${district.zh}分局`,
    maintainer: maintainer[0],
    maintainerPhone: maintainer[1],
    policeStation: `${town.replace(/(街道|镇|乡)$/, '')}派出所`,
    subdistrict: town,
    project: device.kind === 'camera' ? '雪亮工程' : '数字衡阳',
    batch: `2019-${batch}`,
    poleNumber: device.pole,
    poleHeight: 4 + random.below(5) * 0.5,
    powerSource: device.power,
    switch: device.switch,
    switchPort: String(random.below(24) + 1),
    plannedAt: '2018-11-01',
    acceptedAt: date(month + 2, 15),
    inServiceAt: date(month + 3, 1),
  }
}

const cameraFields = (camera: FleetCamera, direction: number): Partial<DeviceRecord> => ({
  ipAddress: camera.ipAddress,
  port: 8000,
  ptzType: camera.ptz ? '1' : '3',
  roomType: '1',
  supplyLightType: '2',
  directionType: String(direction) as DeviceRecord['directionType'],
  resolution: '1280x720',
  mac: camera.mac,
  encodeType: 'H.264',
})

const date = (month: number, day: number): string =>
  `2019-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
