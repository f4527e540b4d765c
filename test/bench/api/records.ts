/** The registry of a city as a contractor hands it in: a CSV file with most of the columns filled. */
import { coordinateColumn, type DeviceRecord, recordFieldNames, recordFields } from '@hub/contracts'
import { boundsOf, insideDistrict, textCell } from '@hub/core'
import { deviceOf, mulberry32 } from '../report/history.ts'

/** `round` of the file: a corrected one names another maintainer. `inServiceAt`: the day since which all are due. */
function recordOf(n: number, round: number, inServiceAt: string): DeviceRecord {
  const { id, district, application, carrier, pointType, project, zone } = deviceOf(n)
  const random = mulberry32(n)
  const two = (value: number) => String(value).padStart(2, '0')
  const [month, day] = [1 + Math.floor(12 * random()), 1 + Math.floor(28 * random())]
  const date = (year: number) => `${year}-${two(month)}-${two(day)}`
  const stage = n % 50 === 0 ? 'planned' : n % 50 === 1 ? 'accepted' : 'in-service'
  return {
    id,
    name: `卡口 ${n} 号`,
    manufacturer: 'Hikvision',
    model: 'DS-2CD3T46',
    civilCode: district,
    address: `衡州大道 ${n} 号`,
    parental: '0',
    parentId: `${district}00002000000001`,
    registerWay: '1',
    secrecy: '0',
    status: 'ON',
    grassrootsCode: `${district}001`,
    pointType,
    ...placeIn(district, random),
    installTime: date(2024),
    contactInfo: '0734-8112345',
    recordSaveDays: 30,
    securityLevelCode: 'B',
    ipAddress: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
    port: 80,
    ptzType: '3',
    roomType: '2',
    supplyLightType: '2',
    directionType: '4',
    resolution: '2560x1440',
    mac: macOf(n),
    functionType: '1',
    encodeType: 'H.265',
    managementUnit: '衡阳市公安局',
    kind: 'camera',
    application,
    carrier,
    stage,
    owner: '衡阳市',
    builder: '承建单位',
    maintainer: `维护单位 ${round}`,
    maintainerPhone: '0734-8112346',
    policeStation: '派出所',
    subdistrict: '街道',
    project,
    batch: '一批',
    serial: `SN${n}`,
    poleNumber: `L${n >> 1}`,
    poleHeight: 6.5,
    powerSource: `F${n >> 5}`,
    switch: `S${n >> 4}`,
    switchPort: `${n & 15}`,
    plannedAt: date(2024),
    ...(zone && { zone: zone as '430473' }),
    // Nothing is in service before it was accepted.
    ...(stage !== 'planned' && { acceptedAt: stage === 'in-service' ? inServiceAt : date(2025) }),
    ...(stage === 'in-service' && { inServiceAt }),
  }
}

export const macOf = (n: number): string =>
  `44:19:b6:${[16, 8, 0].map((shift) => ((n >> shift) & 255).toString(16).padStart(2, '0')).join(':')}`

/** Inside its district, but for one in a hundred. */
function placeIn(district: Parameters<typeof boundsOf>[0], random: () => number) {
  const [west, south, east, north] = boundsOf(district)
  for (;;) {
    const longitude = Number((west + (east - west) * random()).toFixed(6))
    const latitude = Number((south + (north - south) * random()).toFixed(6))
    if (random() < 0.01 || insideDistrict(district!, longitude, latitude)) return { longitude, latitude }
  }
}

export function csvOf(devices: number, round: number, inServiceAt: string): string {
  const lines = [[...recordFieldNames.map((name) => recordFields[name].csv), coordinateColumn].join()]
  for (let n = 0; n < devices; n++) {
    const record = recordOf(n, round, inServiceAt)
    lines.push([...recordFieldNames.map((name) => textCell(String(record[name] ?? ''))), 'WGS-84'].join())
  }
  return lines.join('\r\n')
}
