import { type Browser, type BrowserContextOptions, expect, type Page } from '@playwright/test'
import { password } from './sdk-people'
import type { ChatServer } from './server'

/** A main screen of the page: its name, and the way to it from the list of chats. */
export interface Screen {
  readonly name: string
  readonly show: (page: Page) => Promise<void>
}

const row = (page: Page, name: string) => page.locator('[data-chat] a').filter({ has: page.getByText(name, { exact: true }) })

async function openChat(page: Page, name: string): Promise<void> {
  await row(page, name).click()
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
  await expect(page.getByRole('article').last()).toBeVisible()
}

async function openMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

export const screens: readonly Screen[] = [
  { name: 'chats', show: async (page) => expect(page.locator('[data-chat]')).toHaveCount(6) },
  { name: 'group', show: (page) => openChat(page, 'Cabin weekend') },
  {
    name: 'group-info',
    async show(page) {
      await openChat(page, 'Cabin weekend')
      await page.getByRole('button', { name: 'Group info' }).click()
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
    name: 'shortcuts',
    async show(page) {
      await openMenu(page, 'Keyboard shortcuts')
      await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    },
  },
  {
    name: 'scheduled',
    async show(page) {
      await openMenu(page, 'Scheduled messages')
      await expect(page.locator('[data-scheduled]')).toHaveCount(2)
    },
  },
  {
    name: 'statuses',
    async show(page) {
      await page.locator('[data-tab=statuses]').click()
      await expect(page.getByRole('button', { name: /^Jonas Okafor (1 new|All seen)/ })).toBeVisible()
    },
  },
  {
    name: 'status',
    async show(page) {
      await page.locator('[data-tab=statuses]').click()
      await page.getByRole('button', { name: /^Jonas Okafor (1 new|All seen)/ }).click()
      await page.getByRole('button', { name: 'Pause' }).click()
      await expect(page.getByText('First frost on the jetty this morning.')).toBeVisible()
    },
  },
  {
    name: 'calls',
    async show(page) {
      await page.locator('[data-tab=calls]').click()
      await expect(page.getByRole('heading', { name: 'Calls', level: 1 })).toBeVisible()
    },
  },
]

/** Shows where one signs in. */
export async function showSignIn(browser: Browser, server: ChatServer, options: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage()
  await page.goto(server.url)
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  return page
}

/** Signs in, and shows the list of chats. */
export async function signInAs(page: Page, login: string): Promise<void> {
  await page.getByLabel('E-mail or phone').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.locator('[data-chat]').first()).toBeVisible()
}

/** From one screen to where the next begins. */
export async function toStart(page: Page, server: ChatServer): Promise<void> {
  await page.goto(server.url)
  await expect(page.locator('[data-chat]').first()).toBeVisible()
}
