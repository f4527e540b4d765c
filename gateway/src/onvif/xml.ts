/**
 * A small XML reader for what cameras say. It knows elements, attributes, text, CDATA and the predefined entities, and
 * refuses what a camera has no reason to send: DOCTYPE (so there are no entities to expand), depth, hordes of elements, of attributes
 * or of character references, which are counted before they are read. An ampersand that begins no reference stands for itself: makes write stream
 * addresses as they are. Names are local: vendors agree on no prefix. One pass, time and memory linear in the input.
 */
import { malformed } from './fault.ts'

export type XmlElement = {
  /** Local name, without prefix. */
  readonly name: string
  /** By local name; `xmlns` declarations are left out. Null when there are none. */
  attributes: Record<string, string> | null
  readonly children: XmlElement[]
  /** Own text, CDATA included, entities decoded. */
  text: string
}

const maxDepth = 64
const maxElements = 20_000
const maxReferences = 10_000
const maxAttributes = 20_000
const maxAttributesOfOne = 64

const predefined: Record<string, string> = Object.assign(Object.create(null) as object, {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
})
const notName = /[\s<>&"'=/]/
const localName = (name: string) => name.slice(name.indexOf(':') + 1)

/** Reads a document. Throws `malformed` with the place and the cause. */
export function parseXml(text: string): XmlElement {
  return new Reader(text).read()
}

class Reader {
  readonly #text: string
  readonly #open: XmlElement[] = []
  /** Names with their prefix, to match end tags. */
  readonly #names: string[] = []
  #root: XmlElement | undefined
  #elements = 0
  #references = 0
  #attributeCount = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): XmlElement {
    const text = this.#text
    let at = 0
    for (;;) {
      const tag = text.indexOf('<', at)
      if (tag > at || tag < 0) this.#characters(at, tag < 0 ? text.length : tag)
      if (tag < 0) break
      const next = text.charCodeAt(tag + 1)
      if (next === slash) at = this.#close(tag)
      else if (next === bang) at = this.#declaration(tag)
      else if (next === question) at = this.#after('?>', tag)
      else at = this.#start(tag)
    }
    if (this.#names.length > 0) throw malformed(`the document ends inside <${this.#names.at(-1)}>`)
    if (!this.#root) throw malformed('the answer holds no XML element')
    return this.#root
  }

  #characters(from: number, to: number): void {
    const parent = this.#open.at(-1)
    const raw = this.#text.slice(from, to)
    if (parent) parent.text += raw.includes('&') ? this.#decode(raw) : raw
    // Some firmware pads the document with NUL bytes, and some starts it with a byte-order mark.
    else if (/[^\s\0\uFEFF]/.test(raw)) throw malformed(`text outside the root element at ${from}`)
  }

  #decode(raw: string): string {
    for (let mark = raw.indexOf('&'); mark >= 0; mark = raw.indexOf('&', mark + 1))
      if (++this.#references > maxReferences) throw malformed(`more than ${maxReferences} references`)
    let text = ''
    let from = 0
    for (let mark = raw.indexOf('&'); mark >= 0; mark = raw.indexOf('&', from)) {
      const reference = raw.slice(mark + 1, mark + 2 + longestReference)
      const end = reference.indexOf(';')
      const name = reference.slice(0, Math.max(0, end))
      const decoded = predefined[name] ?? numeric(name)
      text += raw.slice(from, mark) + (decoded ?? '&')
      from = mark + (decoded === undefined ? 1 : end + 2)
    }
    return text + raw.slice(from)
  }

  #after(end: string, from: number): number {
    const at = this.#text.indexOf(end, from)
    if (at < 0) throw malformed(`nothing ends the markup at ${from}`)
    return at + end.length
  }

  #declaration(tag: number): number {
    const text = this.#text
    if (text.startsWith('<!--', tag)) return this.#after('-->', tag + 4)
    if (!text.startsWith('<![CDATA[', tag)) throw malformed(`DOCTYPE is refused at ${tag}`)
    const end = this.#after(']]>', tag)
    const parent = this.#open.at(-1)
    if (!parent) throw malformed(`text outside the root element at ${tag}`)
    parent.text += text.slice(tag + 9, end - 3)
    return end
  }

  #close(tag: number): number {
    const end = this.#after('>', tag)
    const name = this.#text.slice(tag + 2, end - 1).trimEnd()
    const open = this.#names.pop()
    if (open !== name) throw malformed(`</${name.slice(0, 64)}> at ${tag} closes ${open ? `<${open}>` : 'nothing'}`)
    this.#open.pop()
    return end
  }

  #start(tag: number): number {
    const text = this.#text
    let at = tag + 1
    while (at < text.length && !isNameEnd(text.charCodeAt(at))) at++
    const name = text.slice(tag + 1, at)
    if (name === '' || notName.test(name)) throw malformed(`a tag at ${tag} has no name`)
    const element: XmlElement = { name: localName(name), attributes: null, children: [], text: '' }
    if (++this.#elements > maxElements) throw malformed(`more than ${maxElements} elements`)
    const parent = this.#open.at(-1)
    if (parent) parent.children.push(element)
    else if (this.#root) throw malformed(`a second root element <${name.slice(0, 64)}> at ${tag}`)
    else this.#root = element
    at = text.charCodeAt(at) === greater ? at : this.#attributes(element, at, name)
    if (text.charCodeAt(at) === slash) {
      if (text.charCodeAt(at + 1) !== greater) throw malformed(`the tag <${name.slice(0, 64)}> is broken at ${at}`)
      return at + 2
    }
    this.#open.push(element)
    this.#names.push(name.length > 128 ? name.slice(0, 128) : name)
    if (this.#open.length > maxDepth) throw malformed(`deeper than ${maxDepth} elements`)
    return at + 1
  }

  /** From after the name to the `>` or the `/` of `/>`. */
  #attributes(element: XmlElement, from: number, tag: string): number {
    const text = this.#text
    let at = from
    for (let count = 1; ; count++) {
      while (isSpace(text.charCodeAt(at))) at++
      const code = text.charCodeAt(at)
      if (code === greater || code === slash) return at
      if (count > maxAttributesOfOne)
        throw malformed(`more than ${maxAttributesOfOne} attributes of <${tag.slice(0, 64)}>`)
      if (++this.#attributeCount > maxAttributes) throw malformed(`more than ${maxAttributes} attributes`)
      const equals = text.indexOf('=', at)
      const name = equals < 0 ? '' : text.slice(at, Math.min(equals, at + 256)).trimEnd()
      if (name === '' || notName.test(name)) throw malformed(`the tag <${tag.slice(0, 64)}> is broken at ${at}`)
      at = equals + 1
      while (isSpace(text.charCodeAt(at))) at++
      const quote = text.charCodeAt(at)
      const end = quote === 34 || quote === 39 ? text.indexOf(quote === 34 ? '"' : "'", at + 1) : -1
      if (end < 0) throw malformed(`the attribute ${name.slice(0, 64)} at ${at} is not quoted`)
      if (!name.startsWith('xmlns')) {
        const raw = text.slice(at + 1, end)
        element.attributes ??= Object.create(null) as Record<string, string>
        element.attributes[localName(name)] = raw.includes('&') ? this.#decode(raw) : raw
      }
      at = end + 1
    }
  }
}

/** `&#x10ffff;` and a few leading zeros, without the ampersand. */
const longestReference = 10
const slash = 47
const bang = 33
const question = 63
const greater = 62
const isSpace = (code: number) => code === 32 || code === 10 || code === 13 || code === 9
const isNameEnd = (code: number) => isSpace(code) || code === slash || code === greater

function numeric(name: string): string | undefined {
  const code = /^#\d+$/.test(name)
    ? Number(name.slice(1))
    : /^#x[\da-f]+$/i.test(name)
      ? Number(`0${name.slice(1)}`)
      : -1
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined
}

/** The first child of that local name. */
export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((c) => c.name === name)

/** Walks down by local names; undefined when a step is missing. */
export function at(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let here = element
  for (const name of path) here = child(here, name)
  return here
}

/** Text at a path, trimmed; undefined when missing or empty. */
export const textAt = (element: XmlElement | undefined, ...path: string[]): string | undefined =>
  at(element, ...path)?.text.trim() || undefined

/** Text made safe for XML, in ASCII alone: what is not ASCII becomes a numeric reference, which every parser reads alike. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']|[^\x20-\x7e]/gu, (c) => `&#${c.codePointAt(0)};`)
}
