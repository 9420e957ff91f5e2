import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { type DemoDay, makeDemoDay } from './demo-day'
import { screens, showSignIn, signInAs, toStart } from './screens'
import { test } from './server'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'docs', 'screens')
const wide = { viewport: { width: 1200, height: 760 } }
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const onPhone = ['chats', 'group', 'statuses', 'status']

let day: DemoDay
test.beforeAll(async ({ server }) => {
  day = await makeDemoDay(server)
  mkdirSync(folder, { recursive: true })
})

async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(folder, `${name}.png`), caret: 'hide', animations: 'disabled' })
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page as it looks at a desk, ${colorScheme}`, async ({ browser, server }) => {
    const page = await showSignIn(browser, server, { ...wide, colorScheme })
    await shoot(page, `sign-in-${colorScheme}`)
    await signInAs(page, day.login)
    for (const { name, show } of screens) {
      await toStart(page, server)
      await show(page)
      await shoot(page, `${name}-${colorScheme}`)
    }
    await page.context().close()
  })

  test(`the page as it looks on a phone, ${colorScheme}`, async ({ browser, server }) => {
    const page = await showSignIn(browser, server, { ...phone, colorScheme })
    await signInAs(page, day.login)
    for (const { name, show } of screens.filter((one) => onPhone.includes(one.name))) {
      await toStart(page, server)
      await show(page)
      await shoot(page, `phone-${name}-${colorScheme}`)
    }
    await page.context().close()
  })
}
