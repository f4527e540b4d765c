/**
 * Subjects of commits: `room: what it does`, at most 72 characters, the why in the body. Merges are exempt, and what is older than this
 * rule. Where there is no history (an archive, a copy) it says that it could not look.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './lib.mjs'

/** The last commit before the rule, and when it was made (seconds): a shallow clone may not have it, and is judged by time. */
const before = { commit: '54b2363d05ba8c2d9db7b12e66b865356d0ac6b8', at: 1796079932 }
const longest = 72
/** What tells of the past or of a third person; a rule cannot know every verb, but these are the usual ones. */
const told = new RegExp(
  `^(?:${['add', 'fix', 'chang', 'remov', 'mov', 'mak', 'updat', 'us', 'renam', 'test', 'writ', 'giv', 'tak'].join('|')})(?:s|es|ed|ing)\\b|^made\\b`,
)
/** Beside the rooms: what concerns several of them, and what is none. */
const others = ['rooms', 'services', 'sims', 'docs', 'errors', 'verify', 'revert']

/** What is wrong with a subject; undefined when nothing is. */
export function faultOf(subject, rooms) {
  if (subject.length > longest) return `has ${subject.length} characters, at most ${longest}`
  const [, named, said] = /^([a-z][a-z0-9-]*(?:, [a-z][a-z0-9-]*)*): (.+)$/.exec(subject) ?? []
  if (!named) return 'must begin with its room: "outages: reopen within the window"'
  const unknown = named.split(', ').find((name) => !rooms.includes(name) && !others.includes(name))
  if (unknown) return `names no room: ${unknown}`
  if (/\.$/.test(said)) return 'ends with a full stop'
  // Names and abbreviations may begin with a capital: ONVIF, SQLite, API.
  if (/^[A-Z][a-z]+\b/.test(said)) return 'goes on in lower case after the room'
  if (told.test(said)) return 'must be imperative: "add", not "added" or "adds"'
  return undefined
}

/** Names that a subject may begin with. */
export const roomsOf = (folder) => [
  ...readdirSync(join(folder, 'services')),
  ...['gateway', 'console', 'device-sims', 'infra', 'test'].filter((name) => existsSync(join(folder, name))),
]

/** @returns lines `commit subject`, or why it could not look */
export function subjectsAfter(base, folder) {
  const git = (...args) => spawnSync('git', args, { cwd: folder, encoding: 'utf8' })
  const top = git('rev-parse', '--show-toplevel')
  // A tree without git may lie inside another repository, whose history is none of its own.
  if (top.error || top.status !== 0 || realpathSync(top.stdout.trim()) !== realpathSync(folder))
    return { why: 'no git, or no history here' }
  if (git('rev-parse', '--verify', '--quiet', 'HEAD').status !== 0) return { why: 'no commit yet' }
  const known = git('cat-file', '-e', `${base.commit}^{commit}`).status === 0
  const range = known ? [`${base.commit}..HEAD`] : [`--since=${base.at + 1}`, 'HEAD']
  const { status, stdout, stderr } = git('log', '--no-merges', '--format=%h %s', ...range)
  return status === 0 ? { lines: stdout.split('\n').filter(Boolean) } : { why: stderr.trim() }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { lines, why } = subjectsAfter(before, root)
  if (why) console.log(`提交标题未检查 subjects of commits were not looked at: ${why}`)
  const rooms = roomsOf(root)
  const faults = (lines ?? []).flatMap((line) => {
    const [hash, ...words] = line.split(' ')
    const fault = faultOf(words.join(' '), rooms)
    return fault ? [`${hash} "${words.join(' ')}" ${fault}`] : []
  })
  for (const fault of faults) console.log(fault)
  process.exit(faults.length === 0 ? 0 : 1)
}
