/** What `fleet.json` holds: everything a simulated device is, fixed by the seed. */
import type { Application, Carrier, DistrictCode, Measure } from '@hub/contracts'

type FleetDevice = {
  /** 20-digit code. */
  id: string
  name: string
  district: DistrictCode
  carrier: Carrier
  application: Application
  pole: string
  switch: string
  power: string
  /** WGS-84 degrees. */
  longitude: number
  latitude: number
}

export type FleetCamera = FleetDevice & {
  kind: 'camera'
  /** Its own address in 127.0.0.0/8. */
  ipAddress: string
  /** WS-Discovery endpoint reference, `urn:uuid:…`. */
  endpoint: string
  manufacturer: string
  model: string
  firmware: string
  serial: string
  mac: string
  ptz: boolean
  /** Name of its vendor-quirk profile. */
  profile: string
}

export type FleetSensor = FleetDevice & { kind: 'sensor'; measures: Measure[] }

export type Fleet = {
  v: 1
  seed: number
  /** What every camera of the fleet accepts. Sensors get theirs from the hub. */
  login: { user: string; password: string }
  cameras: FleetCamera[]
  sensors: FleetSensor[]
}
