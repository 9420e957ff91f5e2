import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { type DemoDay, makeDemoDay } from './demo-day'
import { screenWords } from './screen-words'
import { screens, showSignIn, signInAs, toStart } from './screens'
import { test } from './server'

async function faultsOf(page: Page, screen: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${screen}: ${id}: ${nodes[0]?.html}`)
}

let day: DemoDay
test.beforeAll(async ({ server }) => { day = await makeDemoDay(server) })

for (const scheme of ['light', 'dark'] as const) {
  test(`no main screen has an accessibility fault that axe finds (${scheme})`, async ({ browser, server }) => {
    const page = await showSignIn(browser, server, { colorScheme: scheme })
    const faults = await faultsOf(page, 'sign-in')
    await signInAs(page, day.login)
    for (const { name, show } of screens) {
      await toStart(page, server)
      await show(page, screenWords.en)
      faults.push(...(await faultsOf(page, name)))
    }
    expect(faults).toEqual([])
    await page.context().close()
  })
}
