import { expect } from '@playwright/test'
import { faultsInBothOf } from './accessible'
import { type DemoDay, makeDemoDay } from './demo-day'
import { screenWords } from './screen-words'
import { screens, showSignIn, signInAs, toStart } from './screens'
import { test } from './server'

let day: DemoDay
test.beforeAll(async ({ server }) => { day = await makeDemoDay(server) })

test('no main screen has an accessibility fault that axe finds, light or dark', async ({ browser, server }) => {
  const page = await showSignIn(browser, server)
  const faults: Record<string, string[]> = { 'sign-in': await faultsInBothOf(page) }
  await signInAs(page, day.login)
  for (const { name, show } of screens) {
    await toStart(page, server)
    await show(page, screenWords.en)
    faults[name] = await faultsInBothOf(page)
  }
  expect(Object.entries(faults).filter(([, found]) => found.length > 0)).toEqual([])
  await page.context().close()
})
