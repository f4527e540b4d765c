import type { Cause, DistrictCode, WorkOrderSubject } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { subjectWords } from './subject.ts'

const said = (
  cause: Pick<Cause, 'kind' | 'key'> | null,
  { devices = 12, districts = ['430426'] as DistrictCode[], device = null as string | null, text = null } = {},
) => {
  const subject: WorkOrderSubject = { text, cause: cause && { ...cause, mode: 'together' }, device }
  return (['zh', 'en'] as const).map((language) => subjectWords({ subject, districts, devices }, language))
}

describe('the subject of a work order', () => {
  test.each([
    ['feed', '3 号馈线', '祁东县 3 号馈线停电 · 12 台', 'Feeder 3, Qidong · 12 devices'],
    ['feed', '3', '祁东县 3 号馈线停电 · 12 台', 'Feeder 3, Qidong · 12 devices'],
    ['feed', '祁东县城 3 号馈线', '祁东县城 3 号馈线停电 · 12 台', 'Feeder 3 of 祁东县城, Qidong · 12 devices'],
    ['feed', '10kV 珠晖 I 线', '祁东县 10kV 珠晖 I 线停电 · 12 台', 'Power feed 10kV 珠晖 I 线, Qidong · 12 devices'],
    ['feed', 'PX-03', '祁东县 供电线路 PX-03 停电 · 12 台', 'Power feed PX-03, Qidong · 12 devices'],
    ['switch', 'QD-03', '祁东县 交换机 QD-03 中断 · 12 台', 'Switch QD-03, Qidong · 12 devices'],
    ['port', 'QD-03/7', '祁东县 交换机 QD-03 端口 7 中断 · 12 台', 'Switch QD-03 port 7, Qidong · 12 devices'],
    ['pole', 'G-7', '祁东县 杆件 G-7 失联 · 12 台', 'Pole G-7, Qidong · 12 devices'],
    ['line', 'mobile/430426', '祁东县 移动专线中断 · 12 台', 'Mobile line, Qidong · 12 devices'],
    ['district', '430426', '祁东县 全域失联 · 12 台', 'Whole district, Qidong · 12 devices'],
    ['gateway', '43042600002000000002', '祁东县 网关 …000002 失联 · 12 台', 'Gateway …000002, Qidong · 12 devices'],
    ['subnet', '10.1.2.0/24', '祁东县 网段 10.1.2.0/24 中断 · 12 台', 'Subnet 10.1.2.0/24, Qidong · 12 devices'],
  ] as const)('of a cause %s %s', (kind, key, zh, en) => {
    expect(said({ kind, key })).toEqual([zh, en])
  })

  test('of one device is its name and what it does', () => {
    const one = { device: '解放路 1 号球机', devices: 1 }
    const key = '43042600001320000001'
    expect(said({ kind: 'device', key }, one)).toEqual(['祁东县 解放路 1 号球机失联', '解放路 1 号球机 is out, Qidong'])
    expect(said({ kind: 'flapping', key }, one)[0]).toBe('祁东县 解放路 1 号球机时断时续')
    expect(said(null, one)).toEqual(['祁东县 解放路 1 号球机报修', 'Repair of 解放路 1 号球机, Qidong'])
  })

  test('of devices without an outage names none of them', () => {
    expect(said(null, { devices: 3 })).toEqual(['祁东县 3 台设备报修', 'Repair of 3 devices, Qidong'])
  })

  test('of one device left of a cause is the cause', () => {
    expect(said({ kind: 'switch', key: 'QD-03' }, { devices: 1, device: '相机 01' })).toEqual([
      '祁东县 交换机 QD-03 中断 · 1 台',
      'Switch QD-03, Qidong · 1 device',
    ])
  })

  test('says at most two districts, and the whole city as such', () => {
    const three: DistrictCode[] = ['430405', '430406', '430426']
    expect(said({ kind: 'gateway', key: 'G' }, { districts: three })[0]).toBe(
      '珠晖区、雁峰区等 3 个区县 网关 G 失联 · 12 台',
    )
  })

  test('that a person has typed stays so in either language', () => {
    expect(said({ kind: 'feed', key: '3' }, { text: '更换 3 号杆电源' as never })).toEqual([
      '更换 3 号杆电源',
      '更换 3 号杆电源',
    ])
  })
})
