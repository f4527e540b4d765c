/** CAP documents: what is hostile is refused by its exact reason, what is good comes through whole. */
import { type CapAlert, HubError } from '@hub/contracts'
import { expect, it, test } from 'vitest'
import { capXml, hostile } from '../testing/cap.ts'
import { readAlert, writeAlert } from './document.ts'
import { requireAlert } from './take.ts'

const now = Date.parse('2027-01-15T08:00:00+08:00')
const taken = (xml: string | Uint8Array) => requireAlert(Buffer.from(xml as string), now)
const saidOf = (xml: string | Uint8Array): string => {
  try {
    taken(xml)
    return 'taken'
  } catch (err) {
    return err instanceof HubError ? err.message : `no HubError: ${err}`
  }
}

it.each(hostile)('refuses %s', (_, xml, reason) => {
  expect(saidOf(xml)).toBe(reason)
})

// A megabyte each, over which a search that begins anew at every sign would take minutes.
it.each(['<!--', '<a ', '<a b="', "<a b='", '<![CDATA[', '<?a ', '&', '&#', '<a b="/>">', '<', '</', '<a>&#x1;'])(
  'refuses a megabyte of %s in little time',
  (part) => {
    const begun = performance.now()
    expect(saidOf(part.repeat(1_000_000 / part.length))).not.toMatch(/taken|no HubError/)
    expect(saidOf(capXml({ headline: part.repeat(900_000 / part.length) }))).not.toMatch(/^taken|no HubError/)
    expect(performance.now() - begun).toBeLessThan(15_000)
  },
)

test('refuses what is about no incident, or not sent yet', () => {
  expect(saidOf(capXml({ status: 'Test' }))).toBe(
    'status is Test: is no message about an incident: Actual, Exercise are taken',
  )
  expect(saidOf(capXml({ msgType: 'Ack', references: 'a,b,2027-01-15T07:00:00+08:00' }))).toBe(
    'msgType is Ack: is no message about an incident: Alert, Update, Cancel are taken',
  )
  expect(saidOf(capXml({ sent: '2027-01-15T08:05:01+08:00' }))).toBe(
    'sent is 2027-01-15T08:05:01+08:00: lies in the future',
  )
})

test('reads a prefix, CDATA, entities, a comment, a byte order mark and a signature that it does not look into', () => {
  const plain = taken(capXml())
  const prefixed = capXml()
    .replace(/<(\/?)(\w)/g, '<$1cap:$2')
    .replace('xmlns=', 'xmlns:cap=')
  expect(taken(prefixed)).toEqual(plain)
  expect(taken(`\ufeff${capXml()}`)).toEqual(plain)
  const signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo a="1">x</SignedInfo></Signature>'
  expect(taken(capXml().replace('</alert>', `${signature}</alert>`))).toEqual(plain)
  const headline = (text: string) => taken(capXml({ headline: text })).info?.[0]?.headline
  expect(headline('a &lt;b&gt; &amp;amp; &#26292;&#x96E8;')).toBe('a <b> &amp; 暴雨')
  expect(headline('<![CDATA[<!DOCTYPE> & &lt;]]><!-- <!ENTITY -->')).toBe('<!DOCTYPE> & &lt;')
})

test('what is written reads as the same, to the character', () => {
  const whole: CapAlert = {
    identifier: 'x',
    sender: 's',
    sent: '2027-01-15T08:00:00+08:00',
    status: 'Exercise',
    msgType: 'Update',
    source: '“a” & <b>',
    scope: 'Restricted',
    restriction: '内部',
    code: ['1', '2'],
    note: ']]> &amp; 😀',
    references: 's,w,2027-01-15T07:00:00+08:00',
    info: [
      {
        language: 'zh-CN',
        category: ['Met', 'Geo'],
        event: '暴雨',
        responseType: ['Avoid'],
        urgency: 'Future',
        severity: 'Minor',
        certainty: 'Possible',
        description: '第一行\n第二行',
        parameter: [{ valueName: 'a', value: '1' }],
        resource: [{ resourceDesc: '图', mimeType: 'image/png', size: '12' }],
        area: [
          {
            areaDesc: '衡阳',
            polygon: ['26.8,112.5 26.8,112.7 27,112.7 26.8,112.5'],
            circle: ['26.9,112.6 1', '26.9,112.7 1'],
            geocode: [{ valueName: 'GB/T 2260', value: '430405' }],
            altitude: '10',
            ceiling: '20.5',
          },
        ],
      },
    ],
  }
  expect(readAlert(Buffer.from(writeAlert(whole)))).toEqual(whole)
  // What XML cannot hold is left out.
  expect(writeAlert({ ...whole, note: 'a\u0000\ud800b' })).toContain('<note>a\ufffdb</note>')
})
