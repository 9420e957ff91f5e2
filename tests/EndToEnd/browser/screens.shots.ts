import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContextOptions, expect, type Page } from '@playwright/test'
import { type DemoDay, makeDemoDay } from './demo-day'
import { type ScreenLanguage, screenWords } from './screen-words'
import { screens, showSignIn, signInAs, toStart } from './screens'
import { test } from './server'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'docs', 'screens')
const wide: BrowserContextOptions = { viewport: { width: 1200, height: 760 } }
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

/** Where the page is looked at, and which of its screens; all where none are named. */
interface Look {
  readonly prefix: string
  readonly options: BrowserContextOptions
  readonly language: ScreenLanguage
  readonly only?: readonly string[]
  readonly signIn: boolean
}

const looks: readonly Look[] = [
  { prefix: '', options: wide, language: 'en', signIn: true },
  { prefix: 'phone-', options: phone, language: 'en', signIn: false, only: ['chats', 'group', 'chat-colours', 'statuses', 'status', 'notices'] },
  { prefix: 'rtl-', options: wide, language: 'ar', signIn: true, only: ['chats', 'group', 'group-info', 'chat-colours', 'statuses', 'notices', 'settings'] },
  { prefix: 'phone-rtl-', options: phone, language: 'ar', signIn: false, only: ['chats', 'group', 'status'] },
]

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
  for (const { prefix, options, language, only, signIn } of looks) {
    test(`the page as it looks: ${prefix || 'desk'} ${colorScheme}`, async ({ browser, server }) => {
      const words = screenWords[language]
      const page = await showSignIn(browser, server, { ...options, colorScheme, locale: language })
      if (signIn) await shoot(page, `${prefix}sign-in-${colorScheme}`)
      await signInAs(page, day.login, words)
      for (const { name, show } of screens.filter((one) => only?.includes(one.name) ?? true)) {
        await toStart(page, server)
        await show(page, words)
        await shoot(page, `${prefix}${name}-${colorScheme}`)
      }
      await page.context().close()
    })
  }
}

// Last, because a call stands in the lists afterwards.
for (const { prefix, options, language } of looks) {
  for (const colorScheme of prefix === '' ? (['light', 'dark'] as const) : (['light'] as const)) {
    test(`a call as it looks: ${prefix || 'desk'} ${colorScheme}`, async ({ browser, server }) => {
      const words = screenWords[language]
      const permissions = ['camera', 'microphone']
      const page = await showSignIn(browser, server, { ...options, colorScheme, locale: language, permissions })
      await signInAs(page, day.login, words)
      const other = await showSignIn(browser, server, { ...wide, permissions })
      await signInAs(other, 'jonas@demo.example')
      await other.locator('[data-chat] a').filter({ has: other.getByText('Maya Lindholm', { exact: true }) }).click()
      await other.getByRole('button', { name: screenWords.en.conversation.callVideo }).click()
      await expect(page.getByRole('alertdialog')).toBeVisible()
      await shoot(page, `${prefix}call-ringing-${colorScheme}`)
      await page.getByRole('button', { name: words.calls.acceptVideo }).click()
      await expect(page.locator('[data-call-screen]')).toHaveAttribute('data-phase', 'talking', { timeout: 30_000 })
      const videos = page.locator('[data-call-screen] video')
      await expect.poll(() => videos.evaluateAll((all) => all.filter((one) => (one as HTMLVideoElement).videoWidth > 0).length), { timeout: 30_000 }).toBe(2)
      await shoot(page, `${prefix}call-talking-${colorScheme}`)
      await page.getByRole('button', { name: words.calls.hangUp }).click()
      await expect(page.locator('[data-call-screen]')).toBeHidden()
      for (const one of [page, other]) await one.context().close()
    })
  }
}
