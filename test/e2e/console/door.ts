/** The login. */
import { expect, it } from 'vitest'
import { enter, openWindow } from '../support/desk.ts'
import type { Tour } from './tour.ts'

export function door(tour: Tour): void {
  it('asks who is there, in Chinese, and refuses a wrong password', async () => {
    const { city, browser } = tour
    const desk = await openWindow(browser, city.address)
    await desk.page.getByLabel('用户名').fill('admin')
    await desk.page.getByLabel('密码').fill('not the password')
    expect(await desk.look('login')).toEqual([])
    await desk.page.getByRole('button', { name: '登录' }).click()
    await desk.page.getByText('用户名或密码错误。').waitFor()
    await enter(desk, city.login)
    tour.desks.set('admin', desk)
  })
}
