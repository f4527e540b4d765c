import { describe, expect, it } from 'vitest'
import { escapeXml, readXml, textAt } from './xml.ts'

describe('the XML reader', () => {
  it('resolves prefixes, the nearest declaration first', () => {
    const root = readXml('<a:x xmlns:a="urn:1" xmlns="urn:2"><y/><a:z xmlns:a="urn:3" a:k="v"/></a:x>')
    expect([root.ns, ...root.children.map((c) => c.ns)]).toEqual(['urn:1', 'urn:2', 'urn:3'])
    expect(root.children[1]!.attributes).toEqual({ k: 'v' })
  })
  it('decodes entities, character references and CDATA', () => {
    expect(textAt(readXml('<a><b>&lt;&#34;&#x4e2d;<![CDATA[<&>]]></b></a>'), 'b')).toBe('<"中<&>')
  })
  it('gives back what escapeXml made safe', () => {
    const hostile = `<a href='x' t="y">&amp;</a>`
    expect(readXml(`<a>${escapeXml(hostile)}</a>`).text).toBe(hostile)
  })
  it.each([
    ['', 'there must be one root element'],
    ['<a/><b/>', 'there must be one root element'],
    ['<a>', '<a> is not closed'],
    ['<a></b>', '</b> closes nothing'],
    ['<a', '> is missing'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'a document type is refused'],
    ['<a>&b;</a>', '&b; is not declared'],
    ['<b:a/>', 'the prefix of <b:a> is not declared'],
    ['<1a/>', '<1a> is no name'],
    ['<a>&#x110000;</a>', '&#x110000; is no character'],
    ['<a>'.repeat(40), 'deeper than 32'],
  ])('refuses %j', (text, message) => {
    expect(() => readXml(text)).toThrow(message)
  })
})
