/** CAP documents for tests, written by hand: nothing of the hub makes them. */

export type Written = {
  identifier?: string
  sender?: string
  sent?: string
  status?: string
  msgType?: string
  references?: string
  headline?: string
  /** In place of the circle. */
  area?: string
  /** After the root's name. */
  namespace?: string
  /** Before the root. */
  head?: string
}

export function capXml({
  identifier = '43040041600000_20270115080000_1',
  sender = 'met.hengyang.example',
  sent = '2027-01-15T08:00:00+08:00',
  status = 'Actual',
  msgType = 'Alert',
  references,
  headline = '衡阳市气象台发布暴雨橙色预警，低洼处积水',
  area = '<circle>26.8946,112.6206 2</circle>',
  namespace = 'xmlns="urn:oasis:names:tc:emergency:cap:1.2"',
  head = '<?xml version="1.0" encoding="UTF-8"?>',
}: Written = {}): string {
  return `${head}
<alert ${namespace}>
  <identifier>${identifier}</identifier><sender>${sender}</sender><sent>${sent}</sent>
  <status>${status}</status><msgType>${msgType}</msgType><scope>Public</scope>
  ${references ? `<references>${references}</references>` : ''}
  <info>
    <language>zh-CN</language><category>Met</category><event>暴雨</event>
    <urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty>
    <headline>${headline}</headline><description>预计 3 小时内降雨 50 毫米 &amp; 以上</description>
    <area><areaDesc>珠晖区解放路</areaDesc>${area}</area>
  </info>
</alert>`
}

const entityBomb = `<!DOCTYPE alert [<!ENTITY a "aaaaaaaaaa">${Array.from(
  { length: 9 },
  (_, n) => `<!ENTITY ${'bcdefghij'[n]} "${`&${'abcdefghi'[n]};`.repeat(10)}">`,
).join('')}]>`

const ns = 'urn:oasis:names:tc:emergency:cap:1.2'
/** What is sent, and what is said of it. */
export const hostile: readonly [string, string | Uint8Array, string][] = [
  [
    'an entity bomb',
    capXml({ head: entityBomb, headline: '&j;' }),
    'document is <!DOCTYPE: a DOCTYPE or an entity of its own is not taken',
  ],
  [
    'an entity that reads a file',
    capXml({ head: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', headline: '&x;' }),
    'document is <!DOCTYPE: a DOCTYPE or an entity of its own is not taken',
  ],
  [
    'an entity that nobody has declared',
    capXml({ headline: '&nbsp;暴雨' }),
    'headline is &nbsp;: is an entity that is not known: only amp, lt, gt, quot, apos and characters by number',
  ],
  [
    'latitude and longitude swapped',
    capXml({ area: '<circle>112.6206,26.8946 2</circle>' }),
    'info[1].area[1].circle[1] is 112.6206,26.8946 2: latitude comes first and is -90 to 90: the two are swapped',
  ],
  [
    'a circle without a radius',
    capXml({ area: '<circle>26.8946,112.6206</circle>' }),
    'info[1].area[1].circle[1] is 26.8946,112.6206: must be latitude,longitude and a radius in km',
  ],
  [
    'a polygon without its closing pair',
    capXml({ area: '<polygon>26.8,112.5 26.8,112.7 27,112.7 27,112.5</polygon>' }),
    'info[1].area[1].polygon[1] is 26.8,112.5 26.8,112.7 27,112.7 27,112.5: must end with the pair that it begins with',
  ],
  [
    'Z',
    capXml({ sent: '2027-01-15T00:00:00Z' }),
    'sent is 2027-01-15T00:00:00Z: must have a numeric offset (+08:00), not Z',
  ],
  [
    'the namespace of CAP 1.1',
    capXml({ namespace: 'xmlns="urn:oasis:names:tc:emergency:cap:1.1"' }),
    `xmlns is urn:oasis:names:tc:emergency:cap:1.1: the namespace must be ${ns}`,
  ],
  ['no namespace', capXml({ namespace: '' }), `xmlns is missing: the namespace must be ${ns}`],
  [
    'a namespace that is changed inside',
    capXml({ area: '<circle xmlns="urn:x">26.8946,112.6206 2</circle>' }),
    `info[1].area[1].circle[1].xmlns is urn:x: the namespace must be ${ns}`,
  ],
  ['another root', '<feed xmlns="http://www.w3.org/2005/Atom"/>', 'document is feed: must be an alert'],
  ['no XML', 'PK\u0003\u0004', "document is InvalidChar: is no well-formed XML: line 1, char 'P' is not expected."],
  [
    'a tag that does not close',
    capXml().replace('</info>', ''),
    "document is InvalidTag: is no well-formed XML: line 12, Expected closing tag 'info' (opened in line 6, col 3) instead of closing tag 'alert'.",
  ],
  [
    'GB 18030',
    Buffer.concat([Buffer.from('<alert><note>'), Buffer.from([0xb1, 0xa9, 0xd3, 0xea])]),
    'document is bytes: must be UTF-8',
  ],
  [
    'an encoding that it says',
    capXml({ head: '<?xml version="1.0" encoding="GB2312"?>' }),
    'encoding is GB2312: must be UTF-8',
  ],
  ['20,001 elements', capXml({ area: '<circle/>'.repeat(20_001) }), 'document is 20001: at most 20000 elements'],
  ['elements without end', capXml({ area: `${'<area>'.repeat(50_000)}` }), 'document is 13: at most 12 elements deep'],
  [
    'an element of its own',
    capXml({ area: '<script>1</script>' }),
    'info[1].area[1] is script: has no element script at this place',
  ],
  [
    'an order of its own',
    capXml().replace('<scope>Public</scope>', '').replace('<status>', '<scope>Public</scope><status>'),
    'alert is status: has no element status at this place',
  ],
  ['two senders', capXml({ sender: 'a</sender><sender>b' }), 'sender is sender: may be there only once'],
  [
    'a status of its own',
    capXml({ status: 'Real' }),
    'status is Real: must be one of Actual, Exercise, System, Test, Draft',
  ],
  [
    'no area’s name',
    capXml().replace('<areaDesc>珠晖区解放路</areaDesc>', ''),
    'info[1].area[1].areaDesc is missing: is needed',
  ],
  [
    'an attribute',
    capXml({ area: '<circle on="1">26.8946,112.6206 2</circle>' }),
    'info[1].area[1].circle[1] is on: has an attribute that CAP does not know',
  ],
]
