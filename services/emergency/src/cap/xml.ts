/**
 * XML from outside as a tree. Nothing is expanded: a DOCTYPE is refused before anything is parsed, and of entities only the five of XML
 * and characters by number are known. How much there may be, and how deep, is limited first.
 */
import { HubError, limitText } from '@hub/contracts'
import { XMLParser, XMLValidator } from 'fast-xml-parser'

export type XmlElement = { name: string; attributes: ReadonlyMap<string, string>; children: XmlElement[]; text: string }

const mostElements = 20_000
const mostDeep = 12

export const refused = (field: string, value: string | undefined, limit: string) =>
  new HubError('request.invalid', { field, value, limit })

/** @throws HubError `request.invalid` */
export function parseXml(bytes: Uint8Array): XmlElement {
  const text = decode(bytes)
  limitTags(text)
  const valid = XMLValidator.validate(text)
  if (valid !== true)
    throw refused('document', valid.err.code, limitText('xml-syntax', { line: valid.err.line, fault: valid.err.msg }))
  const nodes = nodesOf(text)
  const roots = nodes.filter((node) => nameOf(node) !== textKey)
  if (roots.length !== 1) throw refused('document', `${roots.length}`, limitText('cap-root'))
  return elementOf(roots[0]!)
}

const textKey = '#text'
const cdataKey = '#cdata'
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: textKey,
  cdataPropName: cdataKey,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: mostDeep + 1,
})

function decode(bytes: Uint8Array): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refused('document', 'bytes', limitText('xml-utf8'))
  }
  const said = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']/.exec(text)?.[1]
  if (said !== undefined && !/^(utf-8|us-ascii)$/i.test(said)) throw refused('encoding', said, limitText('xml-utf8'))
  return text
}

function nodesOf(text: string): Node[] {
  try {
    return parser.parse(text) as Node[]
  } catch (err) {
    // It finds less than the validator, but limits of its own.
    throw refused('document', 'XML', limitText('xml-syntax', { line: 1, fault: String(err).slice(0, 200) }))
  }
}

/**
 * Walks over the text once, before a tree of it takes memory. What has no end is the validator's to name.
 * @throws HubError `request.invalid` for a DOCTYPE, for too many elements, or too deep ones
 */
function limitTags(text: string): void {
  let [count, depth] = [0, 0]
  for (let at = text.indexOf('<'); at >= 0; ) {
    const end = endOf(text, at)
    if (/[^!?/]/.test(text[at + 1] ?? '!')) {
      count++
      if (text[end - 1] !== '/') depth++
    } else if (text[at + 1] === '/') depth--
    if (count > mostElements) throw refused('document', `${count}`, limitText('xml-elements', { most: mostElements }))
    if (depth > mostDeep) throw refused('document', `${depth}`, limitText('xml-depth', { most: mostDeep }))
    at = end < 0 ? -1 : text.indexOf('<', end)
  }
}

/** Where a comment, a CDATA section, an instruction or a tag ends; -1: nowhere. */
function endOf(text: string, at: number): number {
  if (text.startsWith('<!--', at)) return text.indexOf('-->', at + 4)
  if (text.startsWith('<![CDATA[', at)) return text.indexOf(']]>', at + 9)
  if (text.startsWith('<?', at)) return text.indexOf('?>', at + 2)
  const declared = /^<!(DOCTYPE|ENTITY)/i.exec(text.slice(at, at + 9))
  if (declared) throw refused('document', declared[0], limitText('xml-no-doctype'))
  for (let end = at + 1; end < text.length; end++) {
    const sign = text[end]
    if (sign === '>') return end
    if (sign !== '"' && sign !== "'") continue
    end = text.indexOf(sign, end + 1)
    if (end < 0) return -1
  }
  return -1
}

/** As the parser gives it: one key is the name, its value the content; `:@` holds the attributes. */
type Node = { readonly [name: string]: unknown }
const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@')!

function elementOf(node: Node): XmlElement {
  const name = nameOf(node)
  const attributes = new Map(
    Object.entries((node[':@'] ?? {}) as Record<string, string>).map(([key, value]) => [key, unescaped(name, value)]),
  )
  const element: XmlElement = { name, attributes, children: [], text: '' }
  for (const inner of node[name] as Node[]) {
    const kind = nameOf(inner)
    if (kind === textKey) element.text += unescaped(name, String(inner[textKey]))
    else if (kind === cdataKey)
      element.text += (inner[cdataKey] as Node[]).map((part) => String(part[textKey])).join('')
    else element.children.push(elementOf(inner))
  }
  return element
}

const entities: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** @throws HubError `request.invalid` for an entity that XML does not know by itself, and for a character that it cannot hold */
function unescaped(name: string, text: string): string {
  return text.replace(/&([^;&]*);?/g, (whole, entity: string) => {
    const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(entity) ?? []
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
    const known = hex || decimal ? characterOf(code) : Object.hasOwn(entities, entity) ? entities[entity] : undefined
    if (known === undefined || !whole.endsWith(';')) throw refused(name, whole, limitText('xml-entity'))
    return known
  })
}

const characterOf = (code: number): string | undefined =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 32 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff)
    ? String.fromCodePoint(code)
    : undefined

/** Text of XML 1.0: what it cannot hold is left out. */
export const xmlText = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML cannot hold
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r/g, '&#13;')
