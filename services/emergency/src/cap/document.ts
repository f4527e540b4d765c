/** A CAP alert as XML, both ways. */
import { type CapAlert, capNamespace, limitText } from '@hub/contracts'
import { alertElements, type Element, type Elements } from './elements.ts'
import { parseXml, refused, type XmlElement, xmlText } from './xml.ts'

const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#'
type Value = string | Tree
type Tree = { [name: string]: Value | Value[] }

/** What it keeps to is the schema; the rest is for `capFaults`. @throws HubError `request.invalid` naming the element */
export function readAlert(bytes: Uint8Array): CapAlert {
  const root = parseXml(bytes)
  const [prefix, local] = split(root.name)
  if (local !== 'alert') throw refused('document', root.name, limitText('cap-root'))
  const namespace = root.attributes.get(prefix ? `xmlns:${prefix}` : 'xmlns')
  if (namespace !== capNamespace)
    throw refused('xmlns', namespace, limitText('xml-namespace', { namespace: capNamespace }))
  const children = root.children.filter((child) => !isSignature(child, root))
  return readTree({ ...root, children }, alertElements, prefix, '') as unknown as CapAlert
}

const split = (name: string): [string, string] => {
  const colon = name.indexOf(':')
  return [name.slice(0, Math.max(0, colon)), name.slice(colon + 1)]
}

function isSignature(element: XmlElement, root: XmlElement): boolean {
  const [prefix, local] = split(element.name)
  const key = prefix ? `xmlns:${prefix}` : 'xmlns'
  return local === 'Signature' && (element.attributes.get(key) ?? root.attributes.get(key)) === signatureNamespace
}

/** @param at how the element is named in a refusal; '' for the root */
function readTree(element: XmlElement, elements: Elements, prefix: string, at: string): Tree {
  requireAttributes(element, prefix, at)
  if (element.text.trim() !== '') throw refused(at || 'alert', element.text.trim(), limitText('cap-no-text'))
  const tree: Tree = {}
  const order = Object.keys(elements)
  let place = 0
  for (const child of element.children) {
    const [own, name] = split(child.name)
    const position = own === prefix ? order.indexOf(name) : -1
    // Also one that comes too late: the schema is a sequence.
    if (position < place) throw refused(at || 'alert', child.name, limitText('cap-element', { name: child.name }))
    place = position
    const kind = elements[name]!
    const before = tree[name] as Value[] | undefined
    if (before !== undefined && !kind.many) throw refused(fieldOf(at, name), name, limitText('cap-once'))
    const field = fieldOf(at, name) + (kind.many ? `[${(before?.length ?? 0) + 1}]` : '')
    const value = kind.children ? readTree(child, kind.children, prefix, field) : readText(child, kind, prefix, field)
    if (!kind.many) tree[name] = value
    else if (before) before.push(value)
    else tree[name] = [value]
  }
  const missing = order.find((name) => elements[name]!.needed && tree[name] === undefined)
  if (missing) throw refused(fieldOf(at, missing), undefined, limitText('cap-needed'))
  return tree
}

const fieldOf = (at: string, name: string) => (at ? `${at}.${name}` : name)

function readText(element: XmlElement, { values, number }: Element, prefix: string, field: string): string {
  requireAttributes(element, prefix, field)
  if (element.children.length > 0) throw refused(field, element.children[0]!.name, limitText('cap-text-only'))
  const text = element.text.trim()
  if (values && !values.includes(text))
    throw refused(field, text, limitText('cap-one-of', { values: values.join(', ') }))
  if (number && !/^[+-]?\d{1,12}(\.\d{1,12})?$/.test(text)) throw refused(field, text, limitText('cap-number'))
  return text
}

/** Namespaces may be declared, none may be changed; what XML Schema itself says (`xsi:`) is let through. */
function requireAttributes({ attributes }: XmlElement, prefix: string, field: string): void {
  for (const [name, value] of attributes) {
    if (name === (prefix ? `xmlns:${prefix}` : 'xmlns') && value !== capNamespace)
      throw refused(`${field || 'alert'}.${name}`, value, limitText('xml-namespace', { namespace: capNamespace }))
    if (!/^(xmlns(:|$)|xsi:|xml:)/.test(name)) throw refused(field || 'alert', name, limitText('xml-attribute'))
  }
}

export function writeAlert(alert: CapAlert): string {
  const body = writeTree(alert as unknown as Tree, alertElements, '  ')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="${capNamespace}">\n${body}</alert>\n`
}

const writeTree = (tree: Tree, elements: Elements, indent: string): string =>
  Object.entries(elements)
    .flatMap(([name, { children }]) =>
      [tree[name] ?? []]
        .flat()
        .map((value) =>
          typeof value === 'string'
            ? `${indent}<${name}>${xmlText(value)}</${name}>\n`
            : `${indent}<${name}>\n${writeTree(value, children!, `${indent}  `)}${indent}</${name}>\n`,
        ),
    )
    .join('')
