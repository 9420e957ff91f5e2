import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, expect, type Page } from '@playwright/test'
import { makeDemoDay } from './demo-day'
import { signedIn } from './people'
import { type ScreenLanguage, screenWords } from './screen-words'
import { screens, showSignIn, toStart } from './screens'
import { type ChatServer, test } from './server'

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

/** Looked at after the calls were made. */
const calls = screens.find(({ name }) => name === 'calls')

const looks: readonly Look[] = [
  { prefix: '', options: wide, language: 'en', signIn: true },
  { prefix: 'phone-', options: phone, language: 'en', signIn: false, only: ['chats', 'group', 'chat-colours', 'statuses', 'status', 'notices'] },
  { prefix: 'rtl-', options: wide, language: 'ar', signIn: true, only: ['chats', 'group', 'group-info', 'chat-colours', 'statuses', 'notices', 'settings'] },
  { prefix: 'phone-rtl-', options: phone, language: 'ar', signIn: false, only: ['chats', 'group', 'status'] },
]

test.beforeAll(async ({ server }) => {
  await makeDemoDay(server)
  mkdirSync(folder, { recursive: true })
})

/** Who signed in goes on with it from look to look: a sign-in for each would fill the lists that are looked at. */
const sessions = new Map<string, BrowserContextOptions['storageState']>()

async function enter(browser: Browser, server: ChatServer, name: string, options: BrowserContextOptions): Promise<Page> {
  const storageState = sessions.get(name) ?? (await signedIn(server, name))
  const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options, storageState })).newPage()
  await toStart(page, server)
  return page
}

async function leave(page: Page, name: string): Promise<void> {
  sessions.set(name, await page.context().storageState())
  await page.context().close()
}

/** All pictures that are in view are there. */
const isComplete = (page: Page) => page.locator('img').evaluateAll((all) => (all as HTMLImageElement[]).every((one) => {
  const { top, bottom } = one.getBoundingClientRect()
  return one.complete || bottom < 0 || top > innerHeight
}))

async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(2, 2) // where nothing is shown for a pointer
  await page.evaluate(() => document.fonts.ready)
  await expect.poll(() => isComplete(page)).toBe(true)
  await page.screenshot({ path: join(folder, `${name}.png`), caret: 'hide', animations: 'disabled' })
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const { prefix, options, language, only, signIn } of looks) {
    test(`the page as it looks: ${prefix || 'desk'} ${colorScheme}`, async ({ browser, server }) => {
      const words = screenWords[language]
      const look = { ...options, colorScheme, locale: language }
      if (signIn) {
        const page = await showSignIn(browser, server, look, { demo: false })
        await shoot(page, `${prefix}sign-in-${colorScheme}`)
        await page.context().close()
      }
      const page = await enter(browser, server, 'maya', look)
      for (const { name, show } of screens.filter((one) => only?.includes(one.name) ?? one !== calls)) {
        await toStart(page, server)
        await show(page, words)
        await shoot(page, `${prefix}${name}-${colorScheme}`)
      }
      await leave(page, 'maya')
    })
  }
}

// Last, because a call stands in the lists afterwards.
for (const { prefix, options, language, only } of looks) {
  for (const colorScheme of prefix === '' ? (['light', 'dark'] as const) : (['light'] as const)) {
    test(`a call as it looks: ${prefix || 'desk'} ${colorScheme}`, async ({ browser, server }) => {
      const words = screenWords[language]
      const permissions = ['camera', 'microphone']
      const page = await enter(browser, server, 'maya', { ...options, colorScheme, locale: language, permissions })
      const other = await enter(browser, server, 'jonas', { ...wide, permissions })
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
      if (calls && !only) {
        await toStart(page, server)
        await calls.show(page, words)
        await shoot(page, `${prefix}calls-${colorScheme}`)
      }
      await leave(page, 'maya')
      await leave(other, 'jonas')
    })
  }
}
