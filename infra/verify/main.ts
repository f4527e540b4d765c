/**
 * `npm run verify -- PACK.zip [--anchor anchor.jsonl]`: verifies a pack, off line.
 * `npm run verify -- --record record.db --packs FOLDER --anchor anchor.jsonl`: verifies a whole database.
 * Ends with 0 when everything holds, 1 when something does not, 2 when it could not be looked at.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { canVerify } from './bytes.ts'
import { checks, type Findings } from './findings.ts'
import { verifyRecord } from './record.ts'
import { grouped, isSound, verifyAll } from './report.ts'
import { checkWords, type Language, say } from './words.ts'

const usage =
  '用法 Usage: npm run verify -- PACK.zip [--anchor anchor.jsonl] [--language zh|en]\n       npm run verify -- --record record.db [--packs FOLDER] --anchor anchor.jsonl'

function print({ looked, faults, notes }: Findings, language: Language): void {
  const zh = language === 'zh'
  for (const check of checks) {
    const own = faults.filter((fault) => fault.check === check)
    const count = looked.get(check)
    if (count === undefined && own.length === 0) continue
    console.log(
      `${own.length === 0 ? '✓' : '✗'} ${checkWords[check][language]}${count === undefined ? '' : zh ? `（${count} 项）` : ` (${count})`}`,
    )
  }
  for (const fault of faults.slice(0, 50)) console.log(`  ✗ ${say(fault, language)}`)
  if (faults.length > 50) console.log(`  … ${faults.length - 50}`)
  for (const note of notes) console.log(`  · ${say(note, language)}`)
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      anchor: { type: 'string' },
      record: { type: 'string' },
      packs: { type: 'string' },
      language: { type: 'string', default: 'zh' },
    },
  })
  const language: Language = values.language === 'en' ? 'en' : 'zh'
  const zh = language === 'zh'
  if (!(await canVerify())) throw new Error('Ed25519')
  const anchor = values.anchor === undefined ? undefined : readFileSync(values.anchor, 'utf8')
  let found: Findings
  if (values.record !== undefined && anchor !== undefined)
    found = await verifyRecord(values.record, values.packs ?? join(dirname(values.record), 'packs'), anchor)
  else if (positionals.length === 1) {
    const pack = await verifyAll(new Uint8Array(readFileSync(positionals[0]!)), anchor)
    found = pack.found
    const { card, predicate, fingerprint } = pack
    if (card && predicate) {
      const { month, subject, version, score, pay } = card
      console.log(`${month} ${subject.kind} ${subject.key} v${version}: ${score} ${pay}`)
      console.log(`${zh ? '封存编号' : 'Seal'} ${predicate.seq}, ${new Date(predicate.sealedAt).toISOString()}`)
      console.log(`${zh ? '中枢密钥' : 'Key of the hub'} ${predicate.hub}`)
    }
    if (fingerprint) console.log(`${zh ? '指纹' : 'Fingerprint'} ${grouped(fingerprint)}`)
  } else {
    console.error(usage)
    return 2
  }
  print(found, language)
  const sound = isSound(found)
  console.log(
    sound
      ? zh
        ? '结论：全部成立。'
        : 'All of it holds.'
      : zh
        ? '结论：不成立，见上。'
        : 'It does not hold: see above.',
  )
  return sound ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 2
}
