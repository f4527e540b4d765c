import { render, screen } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { now } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import EmergencyPage from './EmergencyPage.svelte'

const hub = useHub()
beforeEach(async () => {
  visit('/emergency')
  await logInAs(hub, 'operator')
})

test('says when there is no incident, and why they could not be read', async () => {
  hub.answers('incidents', { asOf: now, incidents: [], total: 0, next: null })
  const { unmount } = render(EmergencyPage)
  expect(await screen.findByText('当前没有事件')).toBeTruthy()
  unmount()
  hub.refuses('incidents', 503, '维护中。')
  render(EmergencyPage)
  expect((await screen.findByRole('alert')).textContent).toContain('维护中')
})
