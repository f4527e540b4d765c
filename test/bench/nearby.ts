/** `npm run bench -- nearby`: the twenty best of 200,000 cameras that can see a place, ranked. */
import { viewOf } from '@hub/core'
import { ranked } from '../../services/emergency/src/nearby/index.ts'
import { type Placed, PlaceInventory } from '../../services/emergency/src/nearby/inventory.ts'

const cameras = 200_000
const questions = 2_000
let state = 7
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 32
}
/** Half of them in the old town, the others over the city. */
const somewhere = () =>
  random() < 0.5
    ? { longitude: 112.55 + random() * 0.1, latitude: 26.85 + random() * 0.1 }
    : { longitude: 111.6 + random() * 1.6, latitude: 26.1 + random() * 1.3 }

const devices = Array.from(
  { length: cameras },
  (_, n): Placed => ({
    id: `43040500001320${String(n).padStart(6, '0')}`,
    name: `camera ${n}`,
    kind: 'camera',
    district: '430405',
    application: 'safe-city',
    address: '',
    point: somewhere(),
    view: viewOf({ ptzType: random() < 0.2 ? '1' : '3', directionType: String(1 + Math.floor(random() * 8)) as '1' }),
  }),
)
const inventory = new PlaceInventory()
const began = performance.now()
inventory.load(devices)
const buildMs = performance.now() - began
const times: number[] = []
let seen = 0
const cpu = process.cpuUsage()
for (let n = 0; n < questions; n++) {
  const place = somewhere()
  const from = performance.now()
  const found = ranked(inventory, place, { radius: 1_000, limit: 20, inDistrict: () => true })
  times.push(performance.now() - from)
  seen += found.filter(({ sighting }) => sighting === 'covers').length
}
const { user, system } = process.cpuUsage(cpu)
times.sort((a, b) => a - b)
const at = (share: number) => Number(times[Math.floor(share * (times.length - 1))]!.toFixed(3))
console.log(
  JSON.stringify({
    bench: 'nearby',
    cameras,
    questions,
    build_ms: Math.round(buildMs),
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
    max_ms: at(1),
    cpu_ms_each: Number(((user + system) / 1_000 / questions).toFixed(3)),
    covers: seen,
  }),
)
