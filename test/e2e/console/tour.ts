/** A city and those who sit at its console: each page is opened by somebody who has it, and its main task is done. */
import type { DeviceRow } from '@hub/contracts'
import type { Browser } from 'playwright-core'
import { expect, it } from 'vitest'
import { logIn } from '../../../infra/demo/hub-client.ts'
import { createReceiver } from '../../../services/notify/src/testing/receiver.ts'
import { startBrowser } from '../support/browser.ts'
import { type City, startCity } from '../support/city.ts'
import { type Desk, sitDown } from '../support/desk.ts'
import { makeUsers } from '../support/people.ts'

/** Seconds. Long enough that a busy machine makes no gateway look silent. */
export const period = 6
export const password = 'a long day at the desk'
/** The district where a camera fails. */
export const district = '430408'
export const districtName = '蒸湘区'
/** Whose contractor repairs it, whatever the record says. */
export const unit = '衡阳外场运维公司'

/** `admin` and `security` are there from the first start; the others are made by the security administrator. */
const users = [
  { user: 'second', role: 'operator', districts: 'city' },
  { user: 'repair', role: 'contractor', districts: [district], unit },
  { user: 'auditor', role: 'auditor', districts: 'city' },
] as const
export type Who = 'admin' | 'security' | (typeof users)[number]['user']
export const everybody: readonly Who[] = ['admin', 'security', ...users.map(({ user }) => user)]

export class Tour {
  city!: City
  browser!: Browser
  /** The camera that fails. */
  camera!: DeviceRow
  /** Where notices arrive. */
  receiver!: Awaited<ReturnType<typeof createReceiver>>
  /** Paths of the pages whose main task was done. */
  readonly done = new Set<string>()
  readonly desks = new Map<Who, Desk>()

  async start(): Promise<void> {
    this.receiver = await createReceiver()
    this.city = await startCity({
      bus: 'embedded',
      cameras: 48,
      sensors: 12,
      probeEverySeconds: period,
      policy: { outages: { resolveAfterSeconds: 6 } },
      channels: [{ id: 'desk', name: '值班平台', kind: 'webhook', url: this.receiver.url, secret: 'a shared secret' }],
    })
    const security = await logIn(this.city.address, this.city.security.user, this.city.security.password)
    await makeUsers(this.city.address, security, users, password)
    await this.city.allUp(90)
    this.camera = (await this.city.devices(`?district=${district}&kind=camera`))[0]!
    this.browser = await startBrowser()
  }

  async stop(): Promise<void> {
    await this.browser?.close()
    await this.city?.stop()
    await this.receiver?.[Symbol.asyncDispose]()
  }

  /** The desk of a user, who logs in the first time. */
  async desk(who: Who): Promise<Desk> {
    const there = this.desks.get(who)
    if (there) return there
    const { city } = this
    const login = who === 'admin' ? city.login : who === 'security' ? city.security : { user: who, password }
    const desk = await sitDown(this.browser, city.address, login)
    this.desks.set(who, desk)
    return desk
  }

  /** A test of one page: opened through the navigation, its task done, in the end nothing wrong with it. */
  page(path: string, title: string, task: (desk: Desk) => Promise<unknown>, who: Who = 'admin'): void {
    it(`${path}: ${title}`, async () => {
      const desk = await this.desk(who)
      await desk.page.bringToFront()
      await desk.open(path)
      await task(desk).catch(async (error: Error) => {
        const shown = await desk.page.locator('main').textContent()
        throw new Error(`${error.message}\n${desk.page.url()} shows:\n${shown}`, { cause: error })
      })
      expect(await desk.look(path.slice(1).replace('/', '-') || 'overview')).toEqual([])
      expect(desk.trouble).toEqual([])
      this.done.add(path)
    })
  }
}
