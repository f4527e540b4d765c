import type { Scorecard, ScorecardChange, ScorecardLock, ScorecardSeal, StatementRow } from '@hub/contracts'
import { hourMs } from '@hub/core'
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { now, scorecard, uuid } from '../../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../../testing/hub.ts'
import { linkTexts, rowTexts, textOf } from '../../../testing/read.ts'
import ScorecardsPage from './ScorecardsPage.svelte'
import Seal from './Seal.svelte'
import Steps from './Steps.svelte'
import Versions from './Versions.svelte'

const hub = useHub()
const user = userEvent.setup()
const here = () => location.pathname + location.search
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name })

beforeEach(() => logInAs(hub, 'operator', { permissions: ['view', 'oversee', 'report', 'approve'] }))

const lock: ScorecardLock = { notBefore: 0, graceMs: 72 * hourMs, provenance: '合同', unaccounted: [] }

async function open(
  cards: Scorecard[],
  path = '/reports/scorecards?month=2026-10',
  statements: StatementRow[] = [],
  changed: ScorecardChange[] = [],
) {
  hub.answers('scorecards', { asOf: now, cards, changed })
  hub.answers('statements', statements)
  visit(path)
  render(ScorecardsPage)
  await waitFor(() => expect(hub.asked('scorecards')).not.toHaveLength(0))
}

describe('the cards of a month', () => {
  test('say who scored what, where points were lost and what is paid', async () => {
    await open([scorecard(1), scorecard(2, { subject: { kind: 'district', key: '430426' } })])
    expect(await screen.findByRole('link', { name: '电信' })).toBeTruthy()
    expect(rowTexts().filter((row) => row.startsWith('电信'))[0]).toMatch(
      /^电信 92\.50 按比例 −7\.50 — — — — — 100 1 草稿$/,
    )
    expect(rowTexts().some((row) => row.startsWith('祁东县'))).toBe(false)
    await user.click(button('区县'))
    expect(here()).toBe('/reports/scorecards?month=2026-10&subject=district')
    expect(await screen.findByRole('link', { name: '祁东县' })).toBeTruthy()
  })

  test('are made when there are none', async () => {
    await open([])
    await screen.findByText('2026-10 还没有运营商考核')
    hub.answers('makeScorecards', { asOf: now, cards: [scorecard(1)], changed: [] })
    await user.click(button('生成草稿'))
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: '生成草稿' }))
    expect(await screen.findByText('已生成，共 1 份。')).toBeTruthy()
    expect(hub.asked('makeScorecards')[0]?.body).toEqual({ month: '2026-10', kind: 'carrier' })
  })

  test('of carriers are for who sees the whole city', async () => {
    await logInAs(hub, 'operator', { permissions: ['view', 'oversee', 'report'], districts: ['430426'] })
    await open([])
    expect(await screen.findByText(/运营商考核按全市计算/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: '生成草稿' })).toBeNull()
  })

  test('of a month that has not ended say that they change', async () => {
    const month = new Date(now + 8 * 3_600_000).toISOString().slice(0, 7)
    await open([scorecard(1, { month })], `/reports/scorecards?month=${month}`)
    expect(await screen.findByText('本月尚未结束，分数仍会变化。')).toBeTruthy()
  })
})

describe('a card', () => {
  const opened = async (
    versions: Scorecard[],
    row = versions[0]!.id,
    { changed = [], whole = true }: { changed?: ScorecardChange[]; whole?: boolean } = {},
  ) => {
    hub.answers('scorecardHistory', { versions, whole, seals: [], changed, lock })
    await open(versions, `/reports/scorecards?month=2026-10&row=${row}`, [], changed)
    await screen.findByText('版本记录')
  }

  test('has a line for each item, with on what grounds', async () => {
    await opened([scorecard(1)])
    const rows = rowTexts()
    expect(rows.find((row) => row.startsWith('在线'))).toMatch(
      /^在线 40\.00 95\.00 % 95\.00 小时 \/ 100\.00 小时 — 98\.00 % – 80\.00 % −7\.50 计算 在线率$/,
    )
    expect(rows.find((row) => row.startsWith('资料'))).toMatch(/未测 —$/)
    expect(screen.getByText(/95\.00 分及以上全额付费/)).toBeTruthy()
  })

  test('leads from what its online rate lost to the devices of its month', async () => {
    await opened([scorecard(1)])
    const href = () => screen.getByRole('link', { name: '−7.50', description: '由哪些设备扣分' }).getAttribute('href')
    expect(href()).toBe('/reports/rates?period=2026-10-01..2026-10-31&by=device&carrier=telecom')
  })

  test('of a district leads to the devices of the district', async () => {
    await opened([scorecard(1, { subject: { kind: 'district', key: '430426' } })])
    const link = screen.getByRole('link', { name: '−7.50', description: '由哪些设备扣分' })
    expect(link.getAttribute('href')).toBe('/reports/rates?district=430426&period=2026-10-01..2026-10-31&by=device')
  })

  test('of which too little was measured has no score and no pay, and says what would be needed', async () => {
    const coverage = { measured: 0, due: 4_320 * hourMs, least: 0.9, missing: 3_888 * hourMs, provenance: '合同' }
    await opened([scorecard(1, { score: null, pay: null, coverage })])
    expect((await screen.findByRole('note')).textContent).toMatch(/^不可考核 尚缺实测时长 3,888\.00 小时/)
    expect(screen.getByText(/覆盖率（实测 ÷ 应测）0\.00 %/)).toBeTruthy()
    expect(screen.queryByText('100.00')).toBeNull()
    expect(screen.queryByText(/全额$/)).toBeNull()
  })

  test('that is locked and would be another now says so in the list and on the card', async () => {
    const changed = [{ id: uuid(1), differences: [{ field: 'totals.down', was: 5 * hourMs, now: 4 * hourMs }] }]
    const missing = [{ gateway: '43040500002000000001', name: '城区网关', drainedAt: null }]
    await opened([scorecard(1, { status: 'locked', unaccounted: missing })], uuid(1), { changed })
    await waitFor(() => expect(rowTexts().join('\n')).toMatch(/^电信 .*锁定后有变化/m))
    expect(textOf(await screen.findByRole('alert'))).toMatch(/锁定后有变化 .*5\.00 小时 → 4\.00 小时/)
    expect(screen.getByText('锁定时注明缺报的网关：城区网关')).toBeTruthy()
  })

  test('is shut with Esc, and the keyboard goes back to its row', async () => {
    await opened([scorecard(1)])
    await user.keyboard('{Escape}')
    await waitFor(() => expect(here()).toBe('/reports/scorecards?month=2026-10'))
    expect(document.activeElement).toBe(screen.getByRole('link', { name: '电信' }))
  })

  test('of an older version leads to the newest', async () => {
    await opened([scorecard(2, { version: 2 }), scorecard(1)], uuid(1))
    expect(screen.getByText('这是旧版本，最新为第 2 版。')).toBeTruthy()
    expect(screen.getByRole('link', { name: '查看最新版' }).getAttribute('href')).toContain(`row=${uuid(2)}`)
  })
})

describe('the next step of a card', () => {
  const steps = (more: Partial<Scorecard>, when: Partial<ScorecardLock> = {}) => {
    const stepped = vi.fn()
    render(Steps, { card: scorecard(1, more), name: '电信', lock: { ...lock, ...when }, stepped })
    return stepped
  }

  test('of a draft is its review', async () => {
    const stepped = steps({})
    hub.answers('stepScorecard', scorecard(1, { status: 'reviewed' }))
    await user.click(button('审核通过'))
    await waitFor(() => expect(stepped).toHaveBeenCalledOnce())
    expect(hub.asked('stepScorecard')[0]?.body).toEqual({ step: 'review' })
  })

  test('of a reviewed one is its lock, by another than its reviewer', () => {
    steps({ status: 'reviewed', reviewedBy: 'wang', reviewedAt: now })
    expect(screen.getByText('您是审核人，须由另一人锁定。')).toBeTruthy()
    expect(button('锁定').disabled).toBe(true)
  })

  test('asks before it locks', async () => {
    const stepped = steps({ status: 'reviewed', reviewedBy: 'li', reviewedAt: now })
    hub.answers('stepScorecard', scorecard(1, { status: 'locked' }))
    await user.click(button('锁定'))
    await user.click(
      within(screen.getByRole('dialog', { name: '锁定 电信 2026-10 考核？' })).getByRole('button', { name: '锁定' }),
    )
    await waitFor(() => expect(stepped).toHaveBeenCalledOnce())
  })

  test('is no lock before the grace for late data is over', () => {
    steps({ status: 'reviewed', reviewedBy: 'li', reviewedAt: now }, { notBefore: now + hourMs })
    expect(screen.getByText(/之前不能锁定/)).toBeTruthy()
    expect(button('锁定').disabled).toBe(true)
  })

  test('names the gateways whose data would be missing, and locks with their names', async () => {
    const unaccounted = [{ gateway: '43040500002000000001', name: '城区网关', drainedAt: null }]
    steps({ status: 'reviewed', reviewedBy: 'li', reviewedAt: now }, { unaccounted })
    hub.answers('stepScorecard', scorecard(1, { status: 'locked' }))
    await user.click(button('锁定'))
    const dialog = within(screen.getByRole('dialog', { name: '锁定 电信 2026-10 考核？' }))
    expect(dialog.getByRole('listitem').textContent).toContain('城区网关')
    await user.click(dialog.getByRole('button', { name: '锁定' }))
    await waitFor(() => expect(hub.asked('stepScorecard')).toHaveLength(1))
    expect(hub.asked('stepScorecard')[0]?.body).toEqual({ step: 'lock', unaccounted: ['43040500002000000001'] })
  })

  test('that the hub refused says why, and is read again', async () => {
    const stepped = steps({})
    hub.refuses('stepScorecard', 409, '已由 li 审核。')
    await user.click(button('审核通过'))
    expect((await screen.findByRole('alert')).textContent).toBe('已由 li 审核。')
    expect(stepped).toHaveBeenCalledOnce()
  })

  test('of a locked one is none', () => {
    steps({ status: 'locked' })
    expect(screen.queryByRole('button')).toBeNull()
    expect(screen.getByText(/^已锁定。/)).toBeTruthy()
  })

  test('is not for who may not report', async () => {
    await logInAs(hub, 'commander', { permissions: ['view', 'oversee'] })
    steps({})
    expect(screen.getByText('需要“出具考核”权限，当前角色为指挥员。')).toBeTruthy()
  })
})

describe('the versions', () => {
  const second = scorecard(2, {
    version: 2,
    status: 'locked',
    hash: 'b'.repeat(64),
    reason: '补报数据',
    lockedBy: 'li',
    lockedAt: now,
    differences: [{ field: 'score', was: 92.5, now: 94 }],
  })

  test('say what changed and why, and that the locked ones hold', () => {
    render(Versions, { versions: [second, scorecard(1)], whole: true, open: uuid(2) })
    expect(screen.getByText('封存一致')).toBeTruthy()
    expect(rowTexts()[1]).toBe('得分 92.50 94.00')
    const [first] = screen.getAllByRole('listitem').map(textOf)
    expect(first).toMatch(/^第 2 版 92\.50 已锁定 .*li · .* 锁定 原因：补报数据 散列 b{64}/)
    expect(linkTexts().map(([name]) => name)).toEqual(['第 2 版', '第 1 版'])
  })

  test('that do not hold are said aloud', () => {
    render(Versions, { versions: [second], whole: false, open: uuid(2) })
    expect(screen.getByRole('alert').textContent).toBe('与封存不符')
  })

  test('of which none is locked say so', () => {
    render(Versions, { versions: [scorecard(1)], whole: true, open: uuid(1) })
    expect(screen.getByText('尚无锁定版本')).toBeTruthy()
  })
})

describe('the seal of a locked card', () => {
  const seal: ScorecardSeal = {
    version: 1,
    seq: 7,
    fingerprint: '0123456789abcdef'.repeat(4),
    sealedAt: now,
    evidence: { batches: 1_234, unsigned: 5, missing: 2 },
    faults: [],
  }

  test('says its fingerprint, what it rests on, and how to check it without this hub', () => {
    render(Seal, { seal, id: uuid(1) })
    expect(screen.getByText('封印完好')).toBeTruthy()
    expect(screen.queryByRole('alert')).toBeNull()
    expect(screen.getByLabelText('0123456789abcdef'.repeat(4)).textContent).toBe('0123456789abcdef'.repeat(4))
    expect(textOf(screen.getByRole('region', { name: /^封存/ }))).toContain(
      '依据 1,234 个观测批次，由网关签名。 其中 5 个未签名。 另有 2 个缺失。',
    )
    expect(linkTexts()).toEqual([
      ['下载封存包', `/api/v1/scorecards/${uuid(1)}/pack`],
      ['自行核验（下载核验页）', '/verify.html'],
    ])
  })

  test('that does not hold says each fault in words', () => {
    render(Seal, { seal: { ...seal, faults: ['card-changed', 'anchor-differs'] }, id: uuid(1) })
    expect(screen.getByRole('alert').textContent).toBe('封印不成立')
    expect(screen.getAllByRole('listitem').map(textOf)).toEqual([
      '数据库中的考核表与封存的不同：内容被改动。',
      '外部锚点中没有这个指纹，或同一编号下是另一个指纹。',
    ])
  })

  test('that is not there offers nothing to download', () => {
    const none = { ...seal, seq: null, fingerprint: null, sealedAt: null, evidence: null, faults: ['no-seal' as const] }
    render(Seal, { seal: none, id: uuid(1) })
    expect(screen.getByText('没有封印：在启用封存之前锁定，或封印已被删除。')).toBeTruthy()
    expect(screen.queryByRole('link')).toBeNull()
  })

  test('stands on the page of its card', async () => {
    const card = scorecard(1, { status: 'locked', hash: 'a'.repeat(64) })
    hub.answers('scorecardHistory', { versions: [card], whole: true, seals: [seal], changed: [], lock })
    await open([card], `/reports/scorecards?month=2026-10&row=${card.id}`)
    expect(await screen.findByText('封印完好')).toBeTruthy()
  })
})

describe('what reports from outside state', () => {
  const stated: StatementRow = {
    what: 'online',
    month: '2026-10',
    subject: { kind: 'carrier', key: 'telecom' },
    value: 0.98,
    source: '运营商月报',
    enteredBy: 'li',
    enteredAt: now,
  }

  test('stands beside what the hub computed', async () => {
    await open([scorecard(1)], undefined, [stated])
    await screen.findByText('运营商月报')
    expect(rowTexts().at(-1)).toMatch(/^在线 电信 98\.00 % 95\.00 % \+3\.00 pt 运营商月报 li · /)
  })

  test('is entered for the city, a carrier or a district', async () => {
    await open([])
    await user.click(await screen.findByRole('button', { name: '录入填报数据' }))
    hub.answers('putStatement', stated)
    await user.selectOptions(screen.getByLabelText('对象'), '电信')
    await user.selectOptions(screen.getByLabelText('指标'), '图像')
    await user.type(screen.getByLabelText('数值（%）'), '97.35')
    await user.type(screen.getByLabelText('出处（文件、页码）'), '月报 第 3 页')
    // This DOM counts hundredths in binary and would find the step wrong: the form is sent past its check.
    await fireEvent.submit(button('保存').closest('form')!)
    await waitFor(() => expect(hub.asked('putStatement')).toHaveLength(1))
    expect(hub.asked('putStatement')[0]?.body).toEqual({
      what: 'image',
      month: '2026-10',
      subject: { kind: 'carrier', key: 'telecom' },
      value: 0.9735,
      source: '月报 第 3 页',
    })
  })
})
