/**
 * Every page of the console in real Chromium, at a real hub with simulated devices: each is opened through the navigation and its main
 * task is done, in Chinese; then each is read in English. A page that a link of anybody's navigation leads to and that no test here
 * does fails the last part.
 */
import { afterAll, afterEach, beforeAll } from 'vitest'
import { describeWith } from '../../support/need.ts'
import { browserNeeds } from '../support/browser.ts'
import { door } from './door.ts'
import { emergency } from './emergency.ts'
import { everyPage } from './every-page.ts'
import { live } from './live.ts'
import { map } from './map.ts'
import { outages } from './outages.ts'
import { reports } from './reports.ts'
import { settings } from './settings.ts'
import { Tour } from './tour.ts'

describeWith('the console', browserNeeds, () => {
  const tour = new Tour()
  beforeAll(() => tour.start(), 300_000)
  afterAll(() => tour.stop())

  // With E2E_SHOTS set, pictures of what a failed test last saw are kept there.
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || !process.env.E2E_SHOTS) return
    for (const [who, { page, trouble }] of tour.desks) {
      console.log(who, page.url(), trouble)
      await page.screenshot({ path: `${process.env.E2E_SHOTS}/failed-${task.name.replace(/\W+/g, '-')}-${who}.png` })
    }
  })

  door(tour)
  live(tour)
  map(tour)
  outages(tour)
  emergency(tour)
  reports(tour)
  settings(tour)
  everyPage(tour)
})
