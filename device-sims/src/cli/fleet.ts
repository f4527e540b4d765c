/** `fleet`: writes a seeded fleet and its camera record. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { districtCodes } from '@hub/contracts'
import { defaultNet } from '../fleet/address.ts'
import { generateFleet } from '../fleet/generate.ts'
import { recordCsv } from '../fleet/record.ts'
import { needed, whole } from './arguments.ts'

export async function fleetCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '7' },
      cameras: { type: 'string', default: '600' },
      sensors: { type: 'string', default: '120' },
      net: { type: 'string', default: String(defaultNet) },
      quirks: { type: 'string', default: '0' },
      out: { type: 'string' },
    },
  })
  const out = needed('out', values.out)
  const fleet = generateFleet({
    seed: whole('seed', values.seed, 0, 4_294_967_295),
    cameras: whole('cameras', values.cameras, 0, 100_000),
    sensors: whole('sensors', values.sensors, 0, 100_000),
    quirksPercent: whole('quirks', values.quirks, 0, 100),
    net: whole('net', values.net, 0, 255 - districtCodes.length),
  })
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'fleet.json'), `${JSON.stringify(fleet, null, 1)}\n`)
  writeFileSync(join(out, 'record.csv'), recordCsv(fleet))
  console.log(
    `已生成 ${fleet.cameras.length} 台相机、${fleet.sensors.length} 个传感器 · ${fleet.cameras.length} cameras and ${fleet.sensors.length} sensors: ${join(out, 'fleet.json')}, ${join(out, 'record.csv')}`,
  )
}
