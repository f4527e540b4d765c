/** A small namespace-aware XML reader, the simulators' own: no document type, no external anything, bounded depth. */

export type Element = {
  /** Namespace URI; empty when there is none. */
  ns: string
  /** Local name. */
  name: string
  /** By local name; namespace declarations left out. */
  attributes: Readonly<Record<string, string>>
  children: Element[]
  /** Character data directly inside, joined. */
  text: string
  /** Prefixes in scope: QNames in content (WS-Discovery Types) need them. */
  scope: Readonly<Record<string, string>>
}

export class XmlError extends Error {}

const deepest = 32
const attributePattern = /([^\s=]+)\s*=\s*("[^"<]*"|'[^'<]*')/g

/** The root element. Throws XmlError with what is wrong. */
export function readXml(text: string): Element {
  const top: Element = { ns: '', name: '', attributes: {}, children: [], text: '', scope: {} }
  const open: { element: Element; tag: string }[] = [{ element: top, tag: '' }]
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  for (;;) {
    const start = text.indexOf('<', at)
    const parent = open.at(-1)!
    if (start > at) parent.element.text += decode(text.slice(at, start))
    if (start < 0) break
    if (text.startsWith('<!--', start)) at = after(text, '-->', start + 4)
    else if (text.startsWith('<![CDATA[', start)) {
      at = after(text, ']]>', start + 9)
      parent.element.text += text.slice(start + 9, at - 3)
    } else if (text.startsWith('<?', start)) at = after(text, '?>', start + 2)
    else if (text.startsWith('<!', start)) throw new XmlError('a document type is refused')
    else {
      at = after(text, '>', start + 1)
      const tag = text.slice(start + 1, at - 1)
      if (tag.startsWith('/')) {
        if (tag.slice(1).trimEnd() !== parent.tag || open.length === 1)
          throw new XmlError(`</${tag.slice(1)}> closes nothing`)
        open.pop()
      } else {
        const empty = tag.endsWith('/')
        const { element, qualified } = openTag(empty ? tag.slice(0, -1) : tag, parent.element.scope)
        parent.element.children.push(element)
        if (!empty && open.push({ element, tag: qualified }) > deepest) throw new XmlError(`deeper than ${deepest}`)
      }
    }
  }
  if (open.length > 1) throw new XmlError(`<${open.at(-1)!.tag}> is not closed`)
  if (top.children.length !== 1) throw new XmlError('there must be one root element')
  return top.children[0]!
}

function openTag(tag: string, outer: Element['scope']): { element: Element; qualified: string } {
  const end = tag.search(/\s/)
  const qualified = end < 0 ? tag : tag.slice(0, end)
  if (!/^[\p{L}_][\p{L}\p{N}_.:-]*$/u.test(qualified)) throw new XmlError(`<${qualified.slice(0, 32)}> is no name`)
  const attributes: Record<string, string> = {}
  let scope = outer
  if (end >= 0)
    for (const [, key, quoted] of tag.slice(end).matchAll(attributePattern)) {
      const value = decode(quoted!.slice(1, -1))
      if (key === 'xmlns' || key!.startsWith('xmlns:')) scope = { ...scope, [key!.slice(6)]: value }
      else attributes[local(key!)] = value
    }
  const colon = qualified.indexOf(':')
  const ns = scope[colon < 0 ? '' : qualified.slice(0, colon)]
  if (colon > 0 && ns === undefined) throw new XmlError(`the prefix of <${qualified}> is not declared`)
  return { element: { ns: ns ?? '', name: local(qualified), attributes, children: [], text: '', scope }, qualified }
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  if (at < 0) throw new XmlError(`${mark} is missing`)
  return at + mark.length
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decode(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|\w+);/g, (whole, name: string) => {
    if (!name.startsWith('#')) {
      const known = entities[name]
      if (known === undefined) throw new XmlError(`${whole} is not declared`)
      return known
    }
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    if (code > 0x10ffff) throw new XmlError(`${whole} is no character`)
    return String.fromCodePoint(code)
  })
}

/** First child of a name, whatever its namespace. */
export const child = (element: Element | undefined, name: string): Element | undefined =>
  element?.children.find((c) => c.name === name)

/** Trimmed text at a path of child names; undefined when a step is missing. */
export function textAt(element: Element | undefined, ...path: string[]): string | undefined {
  let at = element
  for (const name of path) at = child(at, name)
  return at?.text.trim()
}

const escapes: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' }
/** Text made safe for content and attributes. */
export const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (c) => escapes[c]!)
