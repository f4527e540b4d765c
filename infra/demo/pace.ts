/** How fast a demonstration city of some size goes, in how many processes, and what it needs of the machine. Pure. */
import { discoveryShares } from '@hub/device-sims'

export type CitySize = { cameras: number; sensors: number }

export type Machine = {
  /** Cores that this program may use. */
  cores: number
  /** Memory that may still be taken, bytes. */
  memory: number
  /** Files that a process may have open: the hard limit, which Node takes for itself at its start. */
  descriptors: number
}

export type Lack = { what: keyof Machine; needed: number; present: number }

export type Pace = {
  probeEverySeconds: number
  discoverEverySeconds: number
  /** How long after a start silence says nothing: until every device had two turns. */
  graceSeconds: number
  gateways: number
  /** Processes that answer for the cameras. */
  simulators: number
  /**
   * On one machine multicast brings every gateway every camera, also those of other gateways: beyond a few thousand the ranges alone
   * are searched.
   */
  multicast: boolean
  /** What the machine has too little of. */
  lacks: Lack[]
}

/** What one hub, its gateways and the simulators take together on two cores without falling behind. */
const probesPerSecond = 667
/** A gateway alone carries more; on a city's network it would not serve more districts either. */
const camerasOfGateway = 5_000
/** The twelve districts in equal parts. */
const gatewayCounts = [2, 3, 4, 6, 12] as const
const multicastUpTo = 3_000
/** Connections that a gateway keeps open for events of cameras, and of everybody else. */
const subscriptionsOfGateway = 2_000
const otherDescriptors = 1_000

const megabyte = 1_000_000
const between = (low: number, value: number, high: number) => Math.min(high, Math.max(low, value))
const upTo = (step: number, value: number) => Math.ceil(value / step) * step

/** 720 devices: 10 s, two gateways. 20,000: 30 s, four gateways. */
export function paceOf({ cameras, sensors }: CitySize, machine: Machine): Pace {
  const probeEverySeconds = upTo(5, between(10, (cameras + sensors) / (probesPerSecond * 1.05), 3_600))
  const gateways = gatewayCounts.find((count) => count * camerasOfGateway >= cameras) ?? 12
  const needed = {
    cores: cameras > 3_000 ? upTo(0.5, 0.5 + (cameras + sensors) / 14_000) : 1,
    memory: memoryOf({ cameras, sensors }, gateways),
    // The simulators' first process: a UDP socket for each camera that it answers for, and everybody's connections.
    descriptors:
      Math.min(cameras, discoveryShares(Number.POSITIVE_INFINITY).here) +
      Math.min(cameras, gateways * subscriptionsOfGateway) +
      sensors +
      otherDescriptors,
  }
  const { here, perChild } = discoveryShares(machine.descriptors)
  const names = ['cores', 'memory', 'descriptors'] as const
  return {
    probeEverySeconds,
    discoverEverySeconds: 3 * probeEverySeconds,
    graceSeconds: between(15, 2 * probeEverySeconds, 3_600),
    gateways,
    simulators: 1 + Math.ceil(Math.max(0, cameras - here) / perChild),
    multicast: cameras <= multicastUpTo,
    lacks: names
      .filter((what) => machine[what] < needed[what])
      .map((what) => ({ what, needed: needed[what], present: machine[what] })),
  }
}

/** Measured at 2,000 and at 20,000 cameras (`npm run bench -- city`); bytes of all processes together. */
function memoryOf({ cameras, sensors }: CitySize, gateways: number): number {
  const hub = 450 + (cameras + sensors) * 0.022
  const ofGateways = gateways * 130 + cameras * 0.044
  const simulators = 250 + (cameras + sensors) * 0.036
  return Math.round(hub + ofGateways + simulators) * megabyte
}

const figures = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
const shown = (what: keyof Machine, value: number): string =>
  what === 'memory' ? `${figures.format(value / 1e9)} GB` : figures.format(value)

const lackNames: Record<keyof Machine, { zh: string; en: string }> = {
  cores: { zh: '处理器核', en: 'cores' },
  memory: { zh: '内存', en: 'memory' },
  descriptors: { zh: '可打开文件数（ulimit -Hn）', en: 'open files (ulimit -Hn)' },
}

/** The first lines of a start: what was chosen, and what the machine lacks. */
export function paceLines({ cameras, sensors }: CitySize, pace: Pace): string[] {
  const [c, s] = [figures.format(cameras), figures.format(sensors)]
  const { probeEverySeconds: every, discoverEverySeconds: search, gateways, simulators, multicast } = pace
  return [
    `${c} 台摄像机、${s} 个传感器：每 ${every} 秒探测一次，${gateways} 个网关，${simulators} 个模拟器进程，每 ${search} 秒搜索一次（${multicast ? '组播和网段' : '只搜网段'}）`,
    `${c} cameras, ${s} sensors: probed every ${every} s by ${gateways} gateways, simulated by ${simulators} process${simulators > 1 ? 'es' : ''}, searched every ${search} s (${multicast ? 'multicast and ranges' : 'ranges only'})`,
    ...pace.lacks.map(({ what, needed, present }) => {
      const [need, have] = [shown(what, needed), shown(what, present)]
      const { zh, en } = lackNames[what]
      return `${zh}不足：约需 ${need}，现有 ${have}，继续运行，可能落后 · not enough ${en}: about ${need} needed, ${have} present; it goes on and may fall behind`
    }),
  ]
}

/**
 * The prefix of the part of a district's net, 127.n.0.0/16, that holds all of its cameras.
 * @param addresses of one district
 */
export function searchedPrefix(addresses: readonly string[]): number {
  const blocks = Math.max(0, ...addresses.map((address) => Number(address.split('.')[2]))) + 1
  return 24 - Math.ceil(Math.log2(blocks))
}
