import { type Browser, type BrowserContextOptions, expect, type Page } from '@playwright/test'
import { type ScreenWords, screenWords } from './screen-words'
import { password } from './sdk-people'
import type { ChatServer } from './server'

/** A main screen of the page: its name, and the way to it from the list of chats. */
export interface Screen {
  readonly name: string
  readonly show: (page: Page, words: ScreenWords) => Promise<void>
}

const row = (page: Page, name: string) => page.locator('[data-chat] a').filter({ has: page.getByText(name, { exact: true }) })

async function openChat(page: Page, name: string): Promise<void> {
  await row(page, name).click()
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
  await expect(page.getByRole('article').last()).toBeVisible()
}

/** Names have marks of their own direction around them where the page runs from right to left. */
const status = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^\u2068?${name}`) }).first()

async function openMenu(page: Page, words: ScreenWords, item: string): Promise<void> {
  await page.getByRole('button', { name: words.account.menu }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

/** Loads the page at a path, and waits for what its tabs tell: how many notices are new, and whether a status is. */
async function load(page: Page, path: string, base = page.url()): Promise<void> {
  const answered = (asked: string) => page.waitForResponse((response) => new URL(response.url()).pathname === asked)
  await Promise.all([answered('/api/notices/unread'), answered('/api/status'), page.goto(new URL(path, base).href)])
}

export const screens: readonly Screen[] = [
  { name: 'chats', show: async (page) => expect(page.locator('[data-chat]')).toHaveCount(10) },
  {
    name: 'group',
    async show(page) {
      await openChat(page, 'Cabin weekend')
      await expect(page.getByRole('article').filter({ hasText: 'The jetty this morning.' }).locator('img').last()).toBeVisible()
    },
  },
  {
    name: 'group-info',
    async show(page, words) {
      await openChat(page, 'Cabin weekend')
      await page.getByRole('button', { name: words.conversation.info }).click()
      await expect(page.getByRole('complementary').getByText('Farid Haddad')).toBeVisible()
    },
  },
  { name: 'channel', show: async (page) => {
    await row(page, 'City by bike').click()
    await expect(page.getByText('New since today').last()).toBeVisible()
  } },
  {
    name: 'palette',
    async show(page) {
      await openChat(page, 'Jonas Okafor')
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill('ca')
      await expect(page.getByRole('option', { name: 'Cabin weekend' })).toBeVisible()
    },
  },
  {
    name: 'chat-colours',
    async show(page, words) {
      await openChat(page, 'Thursday choir')
      await page.getByRole('button', { name: words.conversation.info }).click()
      await page.getByRole('button', { name: words.chatTheme.title }).click()
      await expect(page.getByRole('radio', { name: words.chatTheme.themes.violet })).toBeChecked()
    },
  },
  {
    name: 'shortcuts',
    async show(page, words) {
      await openMenu(page, words, words.shortcuts.title)
      await expect(page.getByRole('dialog', { name: words.shortcuts.title })).toBeVisible()
    },
  },
  {
    name: 'scheduled',
    async show(page, words) {
      await openMenu(page, words, words.account.scheduled)
      await expect(page.locator('[data-scheduled]')).toHaveCount(2)
    },
  },
  {
    name: 'statuses',
    async show(page) {
      await page.locator('[data-tab=statuses]').click()
      await expect(status(page, 'Jonas Okafor')).toBeVisible()
    },
  },
  {
    name: 'status',
    async show(page, words) {
      await page.locator('[data-tab=statuses]').click()
      await status(page, 'Jonas Okafor').click()
      await page.getByRole('button', { name: words.statuses.viewer.pause }).click()
      await expect(page.getByText('First frost on the jetty this morning.')).toBeVisible()
    },
  },
  {
    name: 'calls',
    async show(page, words) {
      await page.locator('[data-tab=calls]').click()
      await expect(page.getByRole('heading', { name: words.calls.title, level: 1 })).toBeVisible()
      await expect(page.locator('[data-call]').first()).toBeVisible()
    },
  },
  {
    name: 'notices',
    async show(page) {
      await page.locator('[data-tab=notices]').click()
      await expect(page.locator('[data-notice=reaction]').first()).toBeVisible()
      await expect(page.locator('[data-tab=notices] .sr-only')).toHaveCount(0) // they count as seen now
    },
  },
  {
    name: 'settings',
    async show(page) {
      await load(page, '/settings/notifications')
      await expect(page.locator('main').getByRole('region').first()).toBeVisible()
    },
  },
]

/** Shows where one signs in; without the demo's accounts as a server shows it that has none. */
export async function showSignIn(browser: Browser, server: ChatServer, options: BrowserContextOptions = {}, { demo = true } = {}): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage()
  if (!demo) await page.route('**/api/demo', (route) => route.fulfill({ json: { accounts: [] } }))
  await page.goto(server.url)
  await expect(page.locator('button[type=submit]')).toBeVisible()
  return page
}

/** Signs in, and shows the list of chats. */
export async function signInAs(page: Page, login: string, words: ScreenWords = screenWords.en): Promise<void> {
  await page.getByLabel(words.signIn.login).fill(login)
  await page.getByLabel(words.signIn.password, { exact: true }).fill(password)
  await page.getByRole('button', { name: words.signIn.submit, exact: true }).click()
  await expect(page.locator('[data-chat]').first()).toBeVisible()
}

/** From one screen to where the next begins. */
export async function toStart(page: Page, server: ChatServer): Promise<void> {
  await load(page, '/', server.url)
  await expect(page.locator('[data-chat]').first()).toBeVisible()
}
