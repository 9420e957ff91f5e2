import { expect, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { enter, openChat, write } from './people'
import { test } from './server'

const shown = (page: Page) => page.locator('[data-chat-theme]')
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Chat colours' })
const wall = (page: Page) => shown(page).evaluate((element) => getComputedStyle(element).backgroundColor)

async function openColours(page: Page, info: string): Promise<void> {
  await page.getByRole('button', { name: info, exact: true }).click()
  await page.getByRole('button', { name: 'Chat colours' }).click()
  await expect(dialog(page)).toBeVisible()
}

const choose = (page: Page, whose: string, colours: string) =>
  dialog(page).getByRole('group', { name: whose }).getByRole('radio', { name: colours, exact: true }).check()

test('a group has colours for oneself, on all one’s devices, and for all', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const phone = await enter(browser, server, 'anna', { colorScheme: 'dark', viewport: { width: 390, height: 800 } })
  const b = await enter(browser, server, 'ben')
  for (const page of [a, phone, b]) await openChat(page, 'Weekend trip')
  await write(a, 'Which colour suits us?')
  const [plain, plainDark] = [await wall(a), await wall(phone)]
  await openColours(a, 'Group info')
  await expect(dialog(a).getByRole('radio', { name: 'Same as everyone' })).toBeChecked()
  await expectAccessible(a)
  await choose(a, 'For me', 'Rose')
  for (const page of [a, phone]) await expect(shown(page)).toHaveAttribute('data-chat-theme', 'rose')
  expect([await wall(a), await wall(phone)]).not.toContain(plain)
  expect(await wall(phone)).not.toBe(plainDark)
  await expect(shown(b)).toHaveAttribute('data-chat-theme', 'default')

  await choose(a, 'For everyone here', 'Amber')
  await expect(shown(b)).toHaveAttribute('data-chat-theme', 'amber')
  await expect(shown(a)).toHaveAttribute('data-chat-theme', 'rose')
  await expect(b.getByText('Anna changed the group’s settings').last()).toBeVisible()
  await choose(a, 'For me', 'Same as everyone')
  for (const page of [a, phone]) await expect(shown(page)).toHaveAttribute('data-chat-theme', 'amber')
  for (const colours of ['Ocean', 'Violet', 'Rose', 'Amber', 'Graphite']) {
    await choose(a, 'For me', colours)
    await expect(shown(phone)).toHaveAttribute('data-chat-theme', colours.toLowerCase())
    await expectAccessible(phone)
  }
  await expectAccessible(a)
  await a.keyboard.press('Escape')
  await expect(dialog(a)).toBeHidden()
  await expectAccessible(a)

  // Who may not change the group chooses for themselves alone.
  const c = await enter(browser, server, 'chloe')
  await openChat(c, 'Weekend trip')
  await expect(shown(c)).toHaveAttribute('data-chat-theme', 'amber')
  await openColours(c, 'Group info')
  await expect(dialog(c).getByRole('group', { name: 'For everyone here' })).toHaveCount(0)
  await choose(c, 'For me', 'Default')
  await expect(shown(c)).toHaveAttribute('data-chat-theme', 'default')
  await c.reload()
  await expect(shown(c)).toHaveAttribute('data-chat-theme', 'default')

  await openColours(phone, 'Group info')
  await expectAccessible(phone)
  await choose(phone, 'For me', 'Same as everyone')
  await choose(phone, 'For everyone here', 'Default')
  for (const page of [a, b, phone]) await expect(shown(page)).toHaveAttribute('data-chat-theme', 'default')
  for (const page of [a, b, c, phone]) await page.context().close()
})

test('a direct chat has colours for oneself alone', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await openChat(b, 'Anna')
  await openColours(a, 'Info')
  await expect(dialog(a).getByRole('radio')).toHaveCount(6)
  await choose(a, 'For me', 'Ocean')
  await expect(shown(a)).toHaveAttribute('data-chat-theme', 'ocean')
  await choose(a, 'For me', 'Default')
  await expect(shown(a)).toHaveAttribute('data-chat-theme', 'default')
  await expect(shown(b)).toHaveAttribute('data-chat-theme', 'default')
  for (const page of [a, b]) await page.context().close()
})
