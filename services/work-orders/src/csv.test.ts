import { provenances, type WorkOrder } from '@hub/contracts'
import { expect, test } from 'vitest'
import { workOrderHeader, workOrderRows } from './csv.ts'

const order = (more: Partial<WorkOrder> = {}): WorkOrder => ({
  id: '0198f2f0-0000-7000-8000-000000000001',
  number: 'GD-20270115-0001',
  unit: '电信',
  carrier: 'telecom',
  status: 'issued',
  districts: ['430405'],
  devices: ['43040500001320000001'],
  down: 1,
  outage: null,
  subject: { text: null, cause: null, device: '相机' },
  issuedBy: 'oper',
  issuedAt: 0,
  respondBy: 1,
  repairBy: 2,
  rule: { class: 'urban', respondHours: 2, repairHours: 24, clock: '24h', provenance: provenances.repair.zh },
  receivedAt: null,
  doneAt: null,
  closedAt: null,
  returned: false,
  overtime: 'none',
  upSince: null,
  provenMs: 0,
  steps: [],
  whole: true,
  ...more,
})

test('the source of the limits is said in the reader’s language, and as it was typed where a person has typed it', () => {
  expect(workOrderRows([order()], 'en', 0)).toContain(provenances.repair.en)
  expect(workOrderRows([order()], 'zh', 0)).toContain(provenances.repair.zh)
  const typed = order({ rule: { ...order().rule, provenance: '运维合同 2026-7' } })
  expect(workOrderRows([typed], 'en', 0)).toContain('运维合同 2026-7')
})

test('what nobody can see does not come out of an order of earlier, and no line of it begins another row', () => {
  const old = order({ unit: '电\u202e信\0', subject: { text: '换\u2066杆\r\n=1+1', cause: null, device: null } })
  const text = workOrderRows([old], 'zh', 0)
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0]/)
  expect(text).toContain(',电信,')
  expect(text).toContain('"换杆\n=1+1"')
  expect(workOrderHeader('zh')).toContain('责任单位')
})
