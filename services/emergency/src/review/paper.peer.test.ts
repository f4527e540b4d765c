/** The review of an incident on paper, read by an independent program. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { minuteMs, walkIncident } from '@hub/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWith } from '../../../../test/support/need.ts'
import { camera, cameraA, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { limitsOf } from '../config.ts'
import { incidentsOf, lead } from '../testing/incidents.ts'
import { reviewPaper } from './paper.ts'

describeWith('a printed review', ['poppler'], () => {
  let hub: Hub
  let folder: string
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'paper-'))
    hub = await startHub()
    await hub.importRecords([camera(cameraA, { longitude: 112.62, latitude: 26.894, name: '解放路口' })])
  })
  afterEach(async () => {
    await hub.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const run = (program: string, args: string[]) => execFileSync(program, args, { encoding: 'utf8' })
  const pass = (minutes: number) => hub.clock.advanceAsync(minutes * minuteMs)

  async function pagesOf(language: 'zh' | 'en', drill: boolean, notes: number): Promise<string[]> {
    const incidents = incidentsOf(hub)
    const { id } = await incidents.opened({ drill, caller: { name: '王小明', phone: '13812341234' } })
    await pass(8)
    await incidents.acted(id, { act: 'verify' }, { act: 'choose-cameras', devices: [cameraA] })
    await incidents.acted(id, { act: 'grade', level: 3 }, lead, {
      act: 'detail',
      casualties: { dead: 0, injured: 2, missing: 0 },
    })
    for (let n = 1; n <= notes; n++)
      await incidents.acted(id, { act: 'note', note: `现场水深第 ${n} 次测量，抽排进行中` })
    const incident = await incidents.acted(
      id,
      { act: 'end', note: '水退' },
      { act: 'review', note: '核实偏慢，应先看摄像机' },
    )
    const now = hub.clock.now()
    const { times } = walkIncident(incident, now, limitsOf(hub.deps.config))
    const paper = reviewPaper(incident, times, { now, user: 'cmdr', provenance: '参考值' }, language)
    const file = join(folder, 'a.pdf')
    writeFileSync(file, await hub.deps.print(paper, language))
    return run('pdftotext', ['-layout', file, '-']).split('\f').slice(0, -1)
  }
  const tight = (text: string) => text.replace(/\s/g, '')

  it('says the facts, each step against its limit, who took part, and the log; the caller stays masked', async () => {
    const text = tight((await pagesOf('zh', false, 0)).join(''))
    for (const part of [
      'YJ-20270115-0001解放路积水复盘报告',
      '级别：III较大',
      '伤亡：死亡0·受伤2·失踪0',
      '复盘意见：核实偏慢，应先看摄像机',
      '138****1234',
      '各环节用时与时限',
      '0:08:000:05:000:03:00',
      '消防一中队牵头',
      '解放路口',
      '水退',
      '受伤0→2',
      '选用·解放路口',
      '第1/',
    ])
      expect(text).toContain(part)
    for (const absent of ['13812341234', '演练', 'undefined', '[object']) expect(text).not.toContain(absent)
  })

  it('a drill is marked on every page, in English too', async () => {
    const pages = await pagesOf('en', true, 60)
    expect(pages.length).toBeGreaterThan(2)
    for (const page of pages) expect(page).toContain('DRILL — Exercise only')
    expect(pages[0]).toContain('Steps against their limits')
  })
})
