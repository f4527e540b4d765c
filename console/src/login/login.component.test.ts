import { rolePermissions } from '@hub/contracts'
import { render, screen, waitFor } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from '../App.svelte'
import { setLanguage } from '../i18n/language.svelte.ts'
import { currentSession, endSession, sessionStanding } from '../session/session.svelte.ts'
import { logInAs, useHub } from '../testing/hub.ts'
import LoginPage from './LoginPage.svelte'

const hub = useHub()

async function enter(user = ' wang ', password = 'correct horse') {
  await userEvent.type(screen.getByLabelText('用户名'), user)
  await userEvent.type(screen.getByLabelText('密码'), password)
  await userEvent.click(screen.getByRole('button', { name: '登录' }))
}

test('the right password opens the door; spaces around the name do not matter', async () => {
  hub.answers('login', {
    user: 'wang',
    role: 'operator',
    permissions: [...rolePermissions.operator],
    districts: 'city',
    unit: null,
    mustChangePassword: false,
    expiresAt: Date.now() + 3_600_000,
  })
  render(LoginPage)
  await enter()
  await waitFor(() => expect(sessionStanding()).toBe('in'))
  expect(hub.asked('login').map(({ body }) => body)).toEqual([{ user: 'wang', password: 'correct horse' }])
  expect(currentSession()?.role).toBe('operator')
})

test.each([
  [401, '', '用户名或密码错误。'],
  [429, '请 10 分钟后再试。', '请 10 分钟后再试。'],
  [500, '数据库正忙。', '数据库正忙。'],
])('a refusal with %d says so in plain words, and the password is typed again', async (status, detail, words) => {
  hub.refuses('login', status, detail)
  render(LoginPage)
  await enter()
  await waitFor(() => expect(screen.getByRole('alert').textContent).toBe(words))
  expect(screen.getByLabelText<HTMLInputElement>('密码').value).toBe('')
  expect(screen.getByLabelText<HTMLInputElement>('用户名').value).toBe(' wang ')
})

test('a session that ran out says why one is here', async () => {
  await logInAs(hub, 'operator')
  endSession()
  render(LoginPage)
  expect(screen.getByRole('alert').textContent).toBe('会话已结束，请重新登录。')
})

test('the page can be read in English before anybody is logged in', async () => {
  render(LoginPage)
  await userEvent.click(screen.getByRole('button', { name: 'English' }))
  expect(screen.getByRole('button', { name: 'Log in' })).toBeTruthy()
  setLanguage('zh')
})

test('who was given a password by somebody else changes it before anything else', async () => {
  await logInAs(hub, 'operator', { mustChangePassword: true })
  hub.answers('whoami', { ...currentSession()! })
  render(App)
  expect(await screen.findByRole('heading', { name: '修改密码' })).toBeTruthy()
  expect(screen.queryByRole('navigation')).toBeNull()
  await userEvent.type(screen.getByLabelText('当前密码'), 'first password')
  await userEvent.type(screen.getByLabelText(/^新密码/), 'correct horse')
  await userEvent.type(screen.getByLabelText('再次输入新密码'), 'correct horse')
  hub.answers('changePassword', { ...currentSession()!, mustChangePassword: false, permissions: [] })
  await userEvent.click(screen.getByRole('button', { name: '修改密码' }))
  expect(await screen.findByRole('navigation')).toBeTruthy()
})
