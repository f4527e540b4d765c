/** The verifier against vectors of others, and the page that is made of it. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MerkleTree } from '../../services/reports/src/seal/merkle.ts'
import { page, target } from './build-page.ts'
import { canVerify, isSigned, utf8 } from './bytes.ts'
import { merkleRoot } from './merkle.ts'
import { knownCodes } from './words.ts'

test('signatures are those of RFC 8032 7.1', async () => {
  expect(await canVerify()).toBe(true)
  const key = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex').toString(
    'base64url',
  )
  const signature = Buffer.from(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    'hex',
  ).toString('base64url')
  expect(await isSigned(key, signature, Uint8Array.of(0x72))).toBe(true)
  expect(await isSigned(key, signature, Uint8Array.of(0x73))).toBe(false)
  expect(await isSigned('not a key', signature, Uint8Array.of(0x72))).toBe(false)
})

/** RFC 6962 2.1, word by word. */
function definition(leaves: readonly string[]): Buffer {
  const hash = (...parts: (string | Buffer)[]) => {
    const sum = createHash('sha256')
    for (const part of parts) sum.update(part)
    return sum.digest()
  }
  if (leaves.length === 0) return hash()
  if (leaves.length === 1) return hash('\0', leaves[0]!)
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  return hash('\u0001', definition(leaves.slice(0, half)), definition(leaves.slice(half)))
}

test.each([0, 1, 2, 3, 5, 7, 8, 33, 1_025, 2_049])(
  'the root of %i leaves is that of RFC 6962, here and where packs are made',
  async (count) => {
    const leaves = Array.from({ length: count }, (_, n) => `leaf ${n}`)
    const expected = definition(leaves).toString('hex')
    expect(await merkleRoot(leaves.map(utf8))).toBe(expected)
    const tree = new MerkleTree()
    for (const leaf of leaves) tree.add(leaf)
    expect(tree.root()).toBe(expected)
  },
)

test('the page is not stale (else: node infra/verify/build-page.ts), and loads nothing', () => {
  const made = readFileSync(target, 'utf8')
  expect(made).toBe(page())
  expect(made).not.toMatch(/^import |^export |src="|href="|https?:/m)
})

test('every fault that is named anywhere has words', () => {
  const texts = ['batches', 'pack', 'anchor', 'record', 'record-batches'].map((name) =>
    readFileSync(new URL(`./${name}.ts`, import.meta.url), 'utf8'),
  )
  const named = texts.flatMap((text) =>
    [...text.matchAll(/(?:fault|note)\(\s*'\w+',\s*'([\w-]+)'/g)].map((match) => match[1]!),
  )
  expect(named.length).toBeGreaterThan(40)
  for (const code of named) expect(knownCodes).toContain(code)
})
