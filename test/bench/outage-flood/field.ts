/** A field of so many cameras on record, and what their gateways say of them: encoded as gateways do, over real connections. */
import { type DistrictCode, districtCodes, type Observation, topic } from '@hub/contracts'
import { connectBus, type RecordStore, silentLog } from '@hub/platform'

export const everyMs = 30_000
/** Between a first failing look and the two that confirm it, as gateways look. */
const confirmMs = 3_500
const [camerasOfPole, polesOfSwitch] = [2, 5]

type Camera = { id: string; district: DistrictCode; gateway: string }
export type Field = {
  cameras: readonly Camera[]
  /** Looks at all of them, or at those that `of` picks, spread over so many seconds; a failing one is confirmed twice, quickly. */
  look(verdict: 'pass' | 'fail', seconds: number, of?: (camera: Camera) => boolean): Promise<void>
  close(): Promise<void>
}

export const gatewayOf = (n: number): string => `${districtCodes[n]}00002000000001`

/** @param districts the city's first so many, each with a gateway of its own */
export function camerasOf(count: number, districts: number): Camera[] {
  return Array.from({ length: count }, (_, n) => {
    const at = n % districts
    const district = districtCodes[at]!
    return { id: `${district}00001320${String(n).padStart(6, '0')}`, district, gateway: gatewayOf(at) }
  })
}

export function register({ sqlite }: RecordStore, cameras: readonly Camera[], from: number): void {
  const put = sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, longitude, latitude, in_service_from, updated_at)
     VALUES (?, ?, 'camera', 'safe-city', ?, '3', 'in-service', ?, '', ?, ?, ?, ${from}, 0)`,
  )
  for (const [n, { id, district }] of cameras.entries()) {
    const pole = Math.floor(n / districtCodes.length / camerasOfPole)
    const own = Math.floor(pole / polesOfSwitch)
    const record = {
      poleNumber: `${district}-${pole}`,
      switch: `SW-${district}-${own}`,
      powerSource: `DB-${district}-${own}`,
    }
    const carrier = own % 2 ? 'mobile' : 'telecom'
    const name = `${district} 第 ${n} 号路口 东南向枪机`
    put.run(id, district, carrier, name, JSON.stringify(record), 112.3 + (n % 200) / 200, 26.5 + (n % 173) / 173)
  }
}

/** One connection for each gateway. */
export function connectField(url: string, password: string, cameras: readonly Camera[]): Field {
  const epoch = Date.now()
  const gateways = [...Map.groupBy(cameras, ({ gateway }) => gateway)].map(([id, own]) => ({
    id,
    own,
    seq: 0,
    bus: connectBus({ url, password, clientId: id, user: id, log: silentLog }),
  }))
  const publish = async (gateway: (typeof gateways)[number], observations: Observation[]) => {
    if (observations.length === 0) return
    const batch = { v: 1, gateway: gateway.id, epoch, seq: ++gateway.seq, observations }
    await gateway.bus.publish(topic('observations', { gateway: gateway.id }), JSON.stringify(batch))
  }
  return {
    cameras,
    async look(verdict, seconds, of = () => true) {
      const picked = new Map(gateways.map((gateway) => [gateway, gateway.own.filter(of)]))
      const waits = verdict === 'pass' ? [0] : [0, confirmMs, 2 * confirmMs]
      const began = Date.now()
      /** Looks that are due, by second. */
      const last = seconds + Math.ceil(waits.at(-1)! / 1_000)
      for (let second = 0; second <= last; second++) {
        for (const gateway of gateways)
          await publish(
            gateway,
            picked.get(gateway)!.flatMap(({ id }, n, all) =>
              waits
                .map((wait) => began + Math.floor((n * seconds * 1_000) / all.length) + wait)
                .filter((at) => at >= began + (second - 1) * 1_000 && at < began + second * 1_000)
                .map((at) => observation(id, at, verdict)),
            ),
          )
        await new Promise((next) => setTimeout(next, Math.max(0, began + (second + 1) * 1_000 - Date.now())))
      }
    },
    close: async () => void (await Promise.all(gateways.map(({ bus }) => bus.close()))),
  }
}

function observation(device: string, at: number, verdict: 'pass' | 'fail'): Observation {
  const common = { device, at, kind: 'probe', every: everyMs } as const
  return verdict === 'fail'
    ? { ...common, verdict, rung: 'reachable', reason: 'timeout', ms: 2_500 }
    : { ...common, verdict, rung: 'decodes', ms: 40 }
}
