/** Plausible values through the day: a pure function of measure, sensor and time. */
import { type Measure, measures } from '@hub/contracts'
import { hash } from '../random.ts'

const hourMs = 3_600_000
/** Hours since midnight in Hengyang. */
const hourOfDay = (at: number): number => ((at + 8 * hourMs) / hourMs) % 24

/** A bell around an hour of the day, 1 at its top. */
const bell = (hour: number, top: number, width: number): number => {
  const away = Math.min(Math.abs(hour - top), 24 - Math.abs(hour - top))
  return Math.exp(-((away / width) ** 2))
}

/** Smooth noise in −1…1 that changes over about ten minutes. */
function noise(key: string, at: number): number {
  const step = at / 600_000
  const n = Math.floor(step)
  const at_ = (k: number): number => (hash(`${key}/${k}`) / 0xffff_ffff) * 2 - 1
  const t = step - n
  const smooth = t * t * (3 - 2 * t)
  return at_(n) * (1 - smooth) + at_(n + 1) * smooth
}

const rush = (h: number): number => Math.max(bell(h, 8, 1.6), bell(h, 18, 2), 0.55 * bell(h, 13, 4))

/** Mean and size of the noise at an hour; `own` in 0…1 tells sensors apart. */
const curves: Record<Measure, (hour: number, own: number, at: number) => readonly [mean: number, wobble: number]> = {
  pm25: (h, own) => [28 + 20 * own + 14 * bell(h, 8, 3) + 18 * bell(h, 21, 3), 8],
  noise: (h, own) => [46 + 8 * own + 16 * rush(h), 4],
  vehicles: (h, own) => [3 + (18 + 30 * own) * rush(h), 3],
  speed: (h, own) => [58 - 6 * own - 30 * rush(h), 5],
  tilt: (_, own) => [own * 1.2, 0.2],
  bin_fill: (h, own) => [12 + ((h + 24 - 5 - own * 3) % 24) * 3.2, 2],
  water_level: (_, own) => [0.04 + own * 0.08, 0.03],
  smoke: (_, own) => [0.05 + own * 0.05, 0.04],
  cabinet_temp: (h, own) => [24 + 6 * own + 12 * bell(h, 14, 4.5), 1.5],
  mains: (h, own) => [231 + 2 * own - 5 * bell(h, 20, 3), 2],
}

/** Two decimals, inside the range of the measure. */
export function valueAt(measure: Measure, sensor: string, at: number): number {
  const own = hash(`${sensor}/${measure}`) / 0xffff_ffff
  const [mean, wobble] = curves[measure](hourOfDay(at), own, at)
  const { min, max } = measures[measure]
  const floor = Math.max(min, measure === 'tilt' ? min : 0)
  return Math.round(Math.min(max, Math.max(floor, mean + wobble * noise(`${sensor}/${measure}`, at))) * 100) / 100
}
