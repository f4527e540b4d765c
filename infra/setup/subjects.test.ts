import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// Plain JavaScript, for it runs before anything is installed.
const { faultOf, roomsOf, subjectsAfter } = (await import(new URL('./subjects.mjs', import.meta.url).href)) as {
  faultOf(subject: string, rooms: readonly string[]): string | undefined
  roomsOf(folder: string): string[]
  subjectsAfter(base: { commit: string; at: number }, folder: string): { lines?: string[]; why?: string }
}

const rooms = ['outages', 'work-orders', 'gateway']

test.each([
  ['outages: reopen within the window', undefined],
  ['gateway, outages: ask one login budget on every path', undefined],
  ['gateway: ONVIF and MQTT behind one port', undefined],
  ['reopen within the window', 'must begin with its room: "outages: reopen within the window"'],
  ['Outages: reopen', 'must begin with its room: "outages: reopen within the window"'],
  ['attic: tidy', 'names no room: attic'],
  ['outages: reopen.', 'ends with a full stop'],
  ['outages: Reopen within the window', 'goes on in lower case after the room'],
  ['outages: added a window', 'must be imperative: "add", not "added" or "adds"'],
  ['outages: fixes the window', 'must be imperative: "add", not "added" or "adds"'],
  ['outages: address a window', undefined],
  [`outages: ${'x'.repeat(63)}`, undefined],
  [`outages: ${'x'.repeat(64)}`, 'has 73 characters, at most 72'],
])('%s', (subject, fault) => expect(faultOf(subject, rooms)).toBe(fault))

test('the rooms are the folders of the repository', () => {
  expect(roomsOf(join(import.meta.dirname, '../..'))).toEqual(
    expect.arrayContaining(['outages', 'platform', 'gateway', 'test']),
  )
})

describe('which commits are looked at', () => {
  let folder: string
  let base: { commit: string; at: number }
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim()
  const commit = (subject: string, at: number) => {
    const date = `${at} +0000`
    execFileSync('git', ['-C', folder, 'commit', '--quiet', '--allow-empty', '-m', subject], {
      env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    })
  }
  const told = (from: { commit: string; at: number }) =>
    subjectsAfter(from, folder).lines?.map((line) => line.replace(/^\w+ /, ''))
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'subjects-'))
    git('init', '--quiet', '--initial-branch', 'main')
    git('config', 'user.name', 'test')
    git('config', 'user.email', 'test@localhost')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('none where there is no commit, and none where there is no git: it says why', () => {
    expect(subjectsAfter({ commit: '0'.repeat(40), at: 0 }, folder)).toEqual({ why: 'no commit yet' })
    rmSync(join(folder, '.git'), { recursive: true })
    expect(subjectsAfter({ commit: '0'.repeat(40), at: 0 }, folder)).toEqual({ why: 'no git, or no history here' })
    git('init', '--quiet', '--initial-branch', 'main')
    git('config', 'user.name', 'test')
    git('config', 'user.email', 'test@localhost')
  })

  test('none of another repository that a tree without git lies in', () => {
    const inner = join(folder, 'inner')
    mkdirSync(inner)
    expect(subjectsAfter({ commit: '0'.repeat(40), at: 0 }, inner)).toEqual({ why: 'no git, or no history here' })
  })

  test('those after the base, without merges', () => {
    commit('An old one.', 1_700_000_000)
    base = { commit: git('rev-parse', 'HEAD'), at: 1_700_000_000 }
    git('switch', '--quiet', '-c', 'side')
    commit('outages: on the side', 1_700_000_100)
    git('switch', '--quiet', 'main')
    commit('outages: on main', 1_700_000_200)
    git('merge', '--quiet', '--no-ff', '-m', 'Merge the side.', 'side')
    expect(told(base)?.sort()).toEqual(['outages: on main', 'outages: on the side'])
  })

  test('where the base is not there, those after its time', () => {
    expect(told({ commit: '1'.repeat(40), at: base.at })?.sort()).toEqual(['outages: on main', 'outages: on the side'])
  })
})
