/**
 * Many raw messages of one gateway in one pack, lossless to the byte: what comes out has the digest of what came in. Problem: a message a
 * second of some thirty observations is too little text to compress well. So the text between the numbers is kept once for each of its
 * few forms, and the numbers by column: an instant as its difference from when the device was due, everything else as its difference from
 * what the device said before. What does not look like a message of a gateway is kept as it is.
 */
import { createHash } from 'node:crypto'
import { ColumnReader, ColumnWriter, compress, decompress, type StoredColumn } from './raw-columns.ts'

/** `count`: observations applied. `message`: the batch bytes. */
export type RawMessage = { id: number; receivedAt: number; count: number; message: Uint8Array }

/** A pack as it is kept: what is known of it without unpacking. */
export type BatchPack = {
  id: number
  gateway: string
  firstAt: number
  lastAt: number
  receivedAt: number
  batches: number
  count: number
  root: Uint8Array
  payload: Uint8Array
}

/** What stands at the beginning of each observation that a gateway writes. */
const opening = '{"device":"'
/** Stand for a number and for a word in a form: bytes that no UTF-8 has. */
const numberMark = '\u00fe'
const wordMark = '\u00ff'
const marks = /[\u00fe\u00ff]/
const digits = /\d+/g
const plainNumber = /^(?:0|[1-9]\d{0,14})$/
const deviceCode = /^\d{20}"/
const ends = '}]'

/** `texts`: what stands before each slot, and after the last. `names`: of the columns that the slots are in. */
type Form = { texts: string[]; names: string[]; isWord: boolean[] }
type Header = {
  v: 1
  /** Messages; of each whether it is kept as it is is in the column `parts`. */
  messages: number
  columns: StoredColumn[]
  forms: [texts: string[], slots: string][]
  words: string[]
  /** Messages kept as they are. */
  whole: string[]
  /** What follows the last observation, where it is not just the end of the message. */
  tails: { [message: number]: string }
}

/** A key before a number names its column; what follows a point is a column of its own. */
const nameOf = (text: string): string => /"(\w+)":-?$/.exec(text)?.[1] ?? text.slice(-1)

const formOf = (texts: string[], slots: string): Form => ({
  texts,
  isWord: [...slots].map((slot) => slot === wordMark),
  names: [...slots].map((slot, i) => (slot === wordMark ? `word ${nameOf(texts[i]!)}` : nameOf(texts[i]!))),
})

/** What is expected of the next number: the writer and the reader keep the same. */
class Expectation {
  readonly #last = new Map<string, Map<number, number>>()

  /** @param of the device, by its word; −1 for what is of no device */
  of(name: string, of: number): number {
    const last = this.#last.get(name)
    const said = last?.get(of)
    if (name !== 'at') return said ?? last?.get(-2) ?? 0
    return said === undefined ? (last?.get(-2) ?? 0) : said + (this.#last.get('every')?.get(of) ?? 0)
  }

  take(name: string, of: number, is: number): void {
    let last = this.#last.get(name)
    if (!last) {
      last = new Map()
      this.#last.set(name, last)
    }
    last.set(of, is)
    // Of any device.
    last.set(-2, is)
  }
}

export function packMessages(messages: readonly RawMessage[]): Buffer {
  const columns = new ColumnWriter()
  const expectation = new Expectation()
  const forms = new Map<string, { index: number; form: Form }>()
  const words = new Map<string, number>()
  const whole: string[] = []
  const tails: Header['tails'] = {}
  const put = (name: string, of: number, is: number) => {
    columns.put(name, is - expectation.of(name, of))
    expectation.take(name, of, is)
  }
  const wordOf = (word: string): number => {
    const known = words.get(word)
    if (known !== undefined) return known
    words.set(word, words.size)
    return words.size - 1
  }
  const putText = (text: string, isDevice: boolean) => {
    const tokens = text.match(digits) ?? []
    const isNumber = tokens.map((token) => plainNumber.test(token))
    let next = 0
    const key = text.replace(digits, () => (isNumber[next++] ? numberMark : wordMark))
    let known = forms.get(key)
    if (!known) {
      const slots = key.replace(/[^\u00fe\u00ff]/g, '')
      known = { index: forms.size, form: formOf(key.split(/[\u00fe\u00ff]/), slots) }
      forms.set(key, known)
    }
    put('form', -1, known.index)
    const device = isDevice ? wordOf(tokens[0]!) : -1
    for (const [i, token] of tokens.entries()) {
      const name = known.form.names[i]!
      if (known.form.isWord[i]) put(name, i === 0 ? -1 : device, wordOf(token))
      else put(name, device, Number(token))
    }
  }
  for (const [n, { id, receivedAt, count, message }] of messages.entries()) {
    put('id', -1, id)
    put('received', -1, receivedAt)
    put('count', -1, count)
    const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1')
    const [head = '', ...parts] = text.split(opening)
    const last = parts.at(-1)
    const isRegular = !marks.test(text) && last?.includes(ends) && parts.every((part) => deviceCode.test(part))
    put('parts', -1, isRegular ? parts.length : 0)
    if (!isRegular) {
      whole.push(text)
      continue
    }
    const end = last!.lastIndexOf(ends) + ends.length
    const tail = last!.slice(end)
    if (tail !== '}') tails[n] = tail
    parts[parts.length - 1] = last!.slice(0, end)
    putText(head, false)
    for (const part of parts) putText(part, true)
  }
  const { columns: stored, bytes } = columns.end()
  const header: Header = {
    v: 1,
    messages: messages.length,
    columns: stored,
    forms: [...forms.values()].map(({ form: { texts, isWord } }) => [
      texts,
      isWord.map((is) => (is ? wordMark : numberMark)).join(''),
    ]),
    words: [...words.keys()],
    whole,
    tails,
  }
  const packedHeader = compress(Buffer.from(JSON.stringify(header)))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(packedHeader.length)
  return Buffer.concat([size, packedHeader, bytes])
}

/** `observation`: its JSON, when its device is wanted. */
type Visitor = {
  wants(device: string): boolean
  /** An observation of a device that is wanted: its JSON, and the message that it is in by its id and its beginning. */
  observation?(json: string, id: number, head: string): void
  message?(message: RawMessage): void
}

/** Walks a pack from its beginning: the texts of observations are put together only where they are wanted. */
function walk(packed: Uint8Array, { wants, observation, message }: Visitor): void {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  const size = buffer.readUInt32LE()
  const header = JSON.parse(decompress(buffer.subarray(4, 4 + size)).toString()) as Header
  const columns = new ColumnReader(header.columns, buffer.subarray(4 + size))
  const expectation = new Expectation()
  const forms = header.forms.map(([texts, slots]) => formOf(texts, slots))
  const { words, tails } = header
  const isWanted = words.map((word) => wants(word))
  const take = (name: string, of: number): number => {
    const is = expectation.of(name, of) + columns.take(name)
    expectation.take(name, of, is)
    return is
  }
  /** @returns null where it is of a device that is not wanted */
  const takeText = (isDevice: boolean): string | null => {
    const { texts, names, isWord } = forms[take('form', -1)]!
    let device = -1
    let text: string | null = texts[0]!
    for (let i = 0; i < names.length; i++) {
      const isFirst = i === 0
      const is = take(names[i]!, isWord[i] && isFirst ? -1 : device)
      if (isFirst && isDevice) {
        device = is
        if (!isWanted[is]) text = null
      }
      if (text !== null) text += (isWord[i] ? words[is]! : String(is)) + texts[i + 1]!
    }
    return text
  }
  let whole = 0
  for (let n = 0; n < header.messages; n++) {
    const id = take('id', -1)
    const receivedAt = take('received', -1)
    const count = take('count', -1)
    const parts = take('parts', -1)
    const pieces: string[] = []
    if (parts === 0) {
      const text = header.whole[whole++]!
      if (observation)
        for (const o of (JSON.parse(Buffer.from(text, 'latin1').toString()) as { observations: { device: string }[] })
          .observations)
          if (wants(o.device)) observation(JSON.stringify(o), id, text)
      pieces.push(text)
    } else {
      const head = takeText(false)!
      pieces.push(head)
      for (let i = 0; i < parts; i++) {
        const text = takeText(true)
        if (text === null) continue
        if (message) pieces.push(text)
        if (observation)
          observation(Buffer.from(opening + text.slice(0, text.lastIndexOf('}') + 1), 'latin1').toString(), id, head)
      }
      if (message) pieces[pieces.length - 1] += tails[n] ?? '}'
    }
    message?.({ id, receivedAt, count, message: Buffer.from(pieces.join(opening), 'latin1') })
  }
}

export function unpackMessages(packed: Uint8Array): RawMessage[] {
  const messages: RawMessage[] = []
  walk(packed, { wants: () => true, message: (message) => void messages.push(message) })
  return messages
}

/** JSON of the observations of the devices that are wanted, in the order in which they came. */
export const observationsIn = (packed: Uint8Array, wants: (device: string) => boolean): string[] =>
  placedObservationsIn(packed, wants).map(({ json }) => json)

/** The same, each with the message that it is in: its id and its beginning, where the name of the batch stands. */
export function placedObservationsIn(
  packed: Uint8Array,
  wants: (device: string) => boolean,
): { json: string; id: number; head: string }[] {
  const found: { json: string; id: number; head: string }[] = []
  walk(packed, { wants, observation: (json, id, head) => void found.push({ json, id, head }) })
  return found
}

/**
 * Root of the Merkle tree over the SHA-256 of each message, in the order of the pack: pairs are hashed together, left before right, and
 * one that is left over goes up as it is.
 */
export function rootOf(messages: readonly Pick<RawMessage, 'message'>[]): Buffer {
  let level = messages.map(({ message }) => createHash('sha256').update(message).digest())
  while (level.length > 1)
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
      const [left, right] = [level[2 * i]!, level[2 * i + 1]]
      return right ? createHash('sha256').update(left).update(right).digest() : left
    })
  return level[0] ?? createHash('sha256').digest()
}
