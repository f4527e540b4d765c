/** Alerts that the hub makes, before a validator that shares nothing with it: xmllint with the schema of this project, and with that of OASIS where CAP_SCHEMA names it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CapMsgType, districtCodes, incidentTypeNames } from '@hub/contracts'
import { capOf, type WarnedIncident } from '@hub/core'
import { afterAll, expect, test } from 'vitest'
import { writeAlert } from '../../services/emergency/src/cap/document.ts'
import { capXml } from '../../services/emergency/src/testing/cap.ts'
import { describeWith } from '../support/need.ts'
import { startProgram } from '../support/program.ts'

const schemas = [
  join(import.meta.dirname, '../../infra/cap/cap12.xsd'),
  ...(process.env.CAP_SCHEMA ? [process.env.CAP_SCHEMA] : []),
]
const folder = mkdtempSync(join(tmpdir(), 'cap-peers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function lint(schema: string, documents: readonly string[]) {
  const files = documents.map((text, n) => {
    const file = join(folder, `${n}.xml`)
    writeFileSync(file, text)
    return file
  })
  const { code, stderr } = await startProgram('xmllint', ['--nonet', '--noout', '--schema', schema, ...files]).ended
  return { code, refused: stderr.split('\n').filter((line) => line && !line.endsWith(' validates')) }
}

const sent = Date.parse('2027-01-15T08:00:00+08:00')
const references = [{ sender: 'emergency.hengyang.example', identifier: 'x', sent: '2027-01-15T07:00:00+08:00' }]
const msgTypes: CapMsgType[] = ['Alert', 'Update', 'Cancel']
const made = incidentTypeNames.flatMap((type, n) =>
  msgTypes.flatMap((msgType) =>
    [true, false].map((hasPoint) => {
      const incident: WarnedIncident = {
        number: 'YJ-20270115-0001',
        drill: n % 2 === 0,
        title: '解放路 <积水> & “倒灌” \u0000😀',
        type,
        level: n % 5 || null,
        warning: 'orange',
        status: n % 3 ? 'verified' : 'received',
        district: districtCodes[n % districtCodes.length]!,
        address: n % 4 ? '解放路 1 号 <A&B>' : '',
        point: hasPoint ? { longitude: 112.6206, latitude: 26.8946 } : null,
      }
      return writeAlert(
        capOf(incident, {
          msgType,
          sender: 'emergency.hengyang.example',
          senderName: '衡阳市应急指挥中心',
          identifier: '43040000000000_20270115080000_1',
          sent,
          references: msgType === 'Alert' ? [] : references,
          radiusMetres: 1_500,
          expiresHours: 24,
          instruction: { zh: '请绕行 & 勿靠近', en: 'Stay <away>' },
        }),
      )
    }),
  ),
)

describeWith('xmllint', ['xmllint'], () => {
  test.each(schemas)('every message that is made is valid by %s', async (schema) => {
    expect(made.length).toBe(108)
    expect(await lint(schema, made)).toEqual({ code: 0, refused: [] })
  })

  test.each(schemas)('what is wrong is refused by %s, so that it would be seen', async (schema) => {
    const wrong = [
      capXml({ sent: '2027-01-15T00:00:00Z' }),
      capXml({ sent: new Date(sent).toISOString() }),
      capXml({ status: 'Real' }),
      capXml({ namespace: '' }),
      capXml().replace(/<areaDesc>.*<\/areaDesc>/, ''),
    ]
    for (const one of wrong) expect((await lint(schema, [one])).code).toBe(3)
    expect((await lint(schema, [capXml()])).code).toBe(0)
  })

  test('the schema of this project also holds what that of OASIS lets through', async () => {
    const banana = capXml({ area: '<polygon>banana</polygon>' })
    expect((await lint(schemas[0]!, [banana])).code).toBe(3)
    expect((await lint(schemas[0]!, [capXml({ area: '<circle>26.9,112.6</circle>' })])).code).toBe(3)
  })
})
