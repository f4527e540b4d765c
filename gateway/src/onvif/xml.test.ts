import { describe, expect, test } from 'vitest'
import { escapeXml, parseXml, textAt } from './xml.ts'

describe('reads what cameras send', () => {
  test('any prefix, attributes, CDATA, references, comments, padding', () => {
    const root = parseXml(
      '\uFEFF<?xml version="1.0"?>\n<!-- x --><a:Top xmlns:a="u" b:token=\'p&amp;1\'><q:name>A &lt;&#x4E2D;&#65;</q:name><e/><c><![CDATA[<raw>&]]></c></a:Top>\n\0\0',
    )
    expect(root).toMatchObject({ name: 'Top', attributes: { token: 'p&1' } })
    expect(textAt(root, 'name')).toBe('A <中A')
    expect(textAt(root, 'c')).toBe('<raw>&')
    expect(textAt(root, 'e')).toBeUndefined()
  })

  // Reolink TrackMix WiFi v3.0.0.5428 (a prefix that nothing declares, a tab), DVC DRN-3282R 1.4.6 (a blank at the end of a tag).
  test('what a strict parser refuses', () => {
    const root = parseXml('<a:Top><tan:Capabilities\tRuleSupport="true" /><tt:TLS1.2 >false</tt:TLS1.2 ></a:Top>\n\n')
    expect(root.children[0]).toMatchObject({ name: 'Capabilities', attributes: { RuleSupport: 'true' } })
    expect(textAt(root, 'TLS1.2')).toBe('false')
  })

  test.each([
    ['rtsp://h/1?channel=1&subtype=0&unicast=true', 'rtsp://h/1?channel=1&subtype=0&unicast=true'],
    ['a&amp;b&c;d', 'a&b&c;d'],
    ['&x;&#0;&toString;&amp', '&x;&#0;&toString;&amp'],
    ['&&lt;&', '&<&'],
    ['&#x00004E2D;', '中'],
  ])('an ampersand that begins no reference stands for itself: %s', (text, read) => {
    const root = parseXml(`<a b="${text}">${text}</a>`)
    expect([root.text, root.attributes?.b]).toEqual([read, read])
  })

  test('sixty-four attributes are read', () => {
    const many = Array.from({ length: 64 }, (_, n) => ` a${n}="${n}"`).join('')
    expect(Object.keys(parseXml(`<a${many}/>`).attributes!)).toHaveLength(64)
  })

  test('an attribute may not reach the prototype', () => {
    expect(Object.getPrototypeOf(parseXml('<a __proto__="x"/>').attributes)).toBeNull()
  })
})

describe('refuses, and says what and where', () => {
  test.each([
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'DOCTYPE is refused at 0'],
    ['<a><!DOCTYPE b></a>', 'DOCTYPE is refused at 3'],
    ['<a><b></a>', '</a> at 6 closes <b>'],
    ['</a>', '</a> at 0 closes nothing'],
    ['<a><b>', 'the document ends inside <b>'],
    ['<a', 'the tag <a> is broken at 2'],
    ['<a b></a>', 'the tag <a> is broken at 3'],
    ['<a b=c/>', 'the attribute b at 5 is not quoted'],
    ['<a b="c/>', 'the attribute b at 5 is not quoted'],
    ['<a/ >', 'the tag <a> is broken at 2'],
    ['< a/>', 'a tag at 0 has no name'],
    ['<a/><b/>', 'a second root element <b> at 4'],
    ['<a/>text', 'text outside the root element at 4'],
    ['<a><!-- </a>', 'nothing ends the markup at 7'],
    ['HTTP', 'text outside the root element at 0'],
    ['', 'the answer holds no XML element'],
    ['<a>'.repeat(10_000), 'deeper than 64 elements'],
    [`<a>${'<b/>'.repeat(30_000)}</a>`, 'more than 20000 elements'],
    [`<a>${'&#65;'.repeat(1_000_000)}</a>`, 'more than 10000 references'],
    [`<a>${'&'.repeat(1_000_000)}</a>`, 'more than 10000 references'],
    [`<a b="${'&lt;'.repeat(1_000_000)}"/>`, 'more than 10000 references'],
    [`<a${Array.from({ length: 1_000_000 }, (_, n) => ` a${n}=""`).join('')}/>`, 'more than 64 attributes of <a>'],
    [`<a${' xmlns:p="u"'.repeat(100_000)}/>`, 'more than 64 attributes of <a>'],
    [
      `<a>${`<b${Array.from({ length: 64 }, (_, n) => ` a${n}=""`).join('')}/>`.repeat(2_000)}</a>`,
      'more than 20000 attributes',
    ],
  ])('%.40s', (text, message) => {
    const before = process.cpuUsage()
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ message, reason: 'malformed', rung: 'answers' }))
    // CPU and not wall time: a busy machine is no defect of the reader. It was five seconds without the limits; two files share a core.
    expect(process.cpuUsage(before).user).toBeLessThan(500_000)
  })
})

test('what is escaped is ASCII and reads back the same', () => {
  const name = `管理员 <a href="x">&'\n😀`
  expect(escapeXml(name)).toMatch(/^[\x20-\x7e]+$/)
  expect(parseXml(`<a>${escapeXml(name)}</a>`).text).toBe(name)
})
