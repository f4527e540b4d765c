/** A seeded fleet: same seed and sizes, same bytes. */
import {
  type Application,
  type DistrictCode,
  districts,
  type Measure,
  measureNames,
  measures as measureTable,
} from '@hub/contracts'
import { quirkNames } from '../camera/profiles/index.ts'
import { createRandom, hash, type Random } from '../random.ts'
import { districtAddress } from './address.ts'
import { places } from './places.ts'
import { createPoles, type Pole } from './poles.ts'
import type { Fleet, FleetCamera, FleetSensor } from './types.ts'

export type FleetOptions = {
  seed: number
  cameras: number
  sensors: number
  /** The i-th district's cameras live in 127.(net+i).0.0/16; 10 by default. */
  net?: number
  /** So many cameras in a hundred get a vendor-quirk profile, each profile in turn. */
  quirksPercent?: number
}

/** Industry digits of the code (GB/T 28181-2022 annex E): roads for public security, roads for traffic, city management, environment. */
const industry: Record<Application, string> = {
  'safe-city': '00',
  traffic: '04',
  urban: '08',
  emergency: '00',
  environment: '09',
}
const cameraShare: Record<Application, number> = {
  'safe-city': 0.7,
  traffic: 0.18,
  urban: 0.06,
  emergency: 0.04,
  environment: 0.02,
}
const camerasOnPole = { 1: 0.35, 2: 0.35, 3: 0.15, 4: 0.15 }
const directions = ['东', '南', '西', '北', '东北', '东南', '西南', '西北']
const makers = [
  { manufacturer: 'Yancheng', ball: 'YC-PT4220', bullet: 'YC-BL2140', firmware: 'V5.7.3 build 240112' },
  { manufacturer: 'Nanyue Vision', ball: 'NV-SD49225', bullet: 'NV-HFW2431', firmware: '2.840.0000000.18.R' },
  { manufacturer: 'Xiangjiang', ball: 'XJ-IPC6322', bullet: 'XJ-IPC2122', firmware: 'IPC_Q1201-B0028P22' },
]
/** What one sensor box measures, by application. */
const boxes: Record<Application, readonly { zh: string; measures: Measure[] }[]> = {
  environment: [{ zh: '微型空气站', measures: ['pm25', 'noise'] }],
  traffic: [{ zh: '车辆检测器', measures: ['vehicles', 'speed'] }],
  urban: [
    { zh: '智能井盖', measures: ['tilt'] },
    { zh: '智能垃圾箱', measures: ['bin_fill'] },
  ],
  emergency: [
    { zh: '积水监测点', measures: ['water_level'] },
    { zh: '烟感', measures: ['smoke'] },
  ],
  'safe-city': [{ zh: '智能机箱', measures: ['cabinet_temp', 'mains'] }],
}
const sensorApplications = Object.keys(boxes) as Application[]

export function generateFleet({ seed, cameras, sensors, net, quirksPercent = 0 }: FleetOptions): Fleet {
  const random = createRandom(seed)
  const fleet: Fleet = {
    v: 1,
    seed,
    login: { user: 'admin', password: `Sims-${random.hex(12)}` },
    cameras: [],
    sensors: [],
  }
  const cameraCounts = share(cameras)
  const sensorCounts = share(sensors)
  for (const [i, district] of districts.entries()) {
    const own = createRandom(hash(`${seed}/${district.code}`))
    const nextPole = createPoles(district.code, district.centre, own)
    const poles: Pole[] = []
    for (let made = 0; made < cameraCounts[i]!; ) {
      const pole = nextPole()
      poles.push(pole)
      const onPole = Math.min(Number(own.weighted(camerasOnPole)), cameraCounts[i]! - made)
      const application = own.weighted(cameraShare)
      const first = own.below(directions.length)
      for (let k = 0; k < onPole; k++, made++)
        fleet.cameras.push(
          camera(
            own,
            pole,
            application,
            { serial: made + 1, net },
            directions[(first + k * 2) % 8]!,
            profileOf(fleet.cameras.length, quirksPercent),
          ),
        )
    }
    for (let made = 0; made < sensorCounts[i]!; made++)
      fleet.sensors.push(sensor(own, poles.length > 0 ? own.pick(poles) : nextPole(), made))
  }
  return fleet
}

/** Spread evenly: the n-th camera has a quirk when the running share reaches another whole one. */
function profileOf(n: number, percent: number): string {
  const before = Math.floor((n * percent) / 100)
  return Math.floor(((n + 1) * percent) / 100) > before ? quirkNames[before % quirkNames.length]! : 'plain'
}

/** Devices of each district: at least two where there are enough, the rest by share (largest remainder). */
function share(total: number): number[] {
  const least = Math.min(2, Math.floor(total / districts.length))
  const rest = total - least * districts.length
  const exact = districts.map((d) => rest * places[d.code].share)
  const counts = exact.map((n) => least + Math.floor(n))
  const byRemainder = [...exact.keys()].sort((a, b) => (exact[b]! % 1) - (exact[a]! % 1) || a - b)
  const left = total - counts.reduce((sum, n) => sum + n, 0)
  for (const i of byRemainder.slice(0, left)) counts[i]!++
  return counts
}

const code = (district: DistrictCode, application: Application, type: number, serial: number): string =>
  `${district}00${industry[application]}${type}0${String(serial).padStart(6, '0')}`

function camera(
  random: Random,
  pole: Pole,
  application: Application,
  { serial, net }: { serial: number; net: number | undefined },
  direction: string,
  profile: string,
): FleetCamera {
  const ptz = random.next() < 0.4
  const maker = random.pick(makers)
  const mac = ['02', ...Array.from({ length: 5 }, () => random.hex(2))].join(':')
  return {
    kind: 'camera',
    id: code(pole.district, application, 132, serial),
    name: `${districts.find((d) => d.code === pole.district)!.zh}${pole.spot} ${direction}向${ptz ? '球机' : '枪机'}`,
    ...placed(pole, application),
    ipAddress: districtAddress(pole.district, serial, net),
    endpoint: `urn:uuid:${uuid(random)}`,
    manufacturer: maker.manufacturer,
    model: ptz ? maker.ball : maker.bullet,
    firmware: maker.firmware,
    serial: `${maker.manufacturer.slice(0, 2).toUpperCase()}${random.hex(10).toUpperCase()}`,
    mac,
    ptz,
    profile,
  }
}

function sensor(random: Random, pole: Pole, n: number): FleetSensor {
  const application = sensorApplications[n % sensorApplications.length]!
  const box = random.pick(boxes[application])
  return {
    kind: 'sensor',
    id: code(pole.district, application, 134, n + 1),
    name: `${districts.find((d) => d.code === pole.district)!.zh}${pole.spot} ${box.zh}`,
    ...placed(pole, application),
    measures: measureNames.filter((m) => box.measures.includes(m) && measureTable[m].application === application),
  }
}

const placed = (pole: Pole, application: Application) => ({
  district: pole.district,
  carrier: pole.carrier,
  application,
  pole: pole.number,
  switch: pole.switch,
  power: pole.power,
  longitude: pole.longitude,
  latitude: pole.latitude,
})

/** Shape of a version 4 UUID, from the seed. */
function uuid(random: Random): string {
  const h = random.hex(32)
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${'89ab'[Number.parseInt(h[16]!, 16) % 4]}${h.slice(17, 20)}-${h.slice(20)}`
}
