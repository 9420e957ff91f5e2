import { expect, type Page } from '@playwright/test'
import { createPeople } from '../../../clients/ts-sdk/src/index.js'
import { faultsOf } from './accessible'
import { enter, openChat, write } from './people'
import { demoPerson, newcomer } from './sdk-people'
import { test } from './server'

async function makeGroup(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New chat or group' }).click()
  await page.getByRole('menuitem', { name: 'New group' }).click()
  await page.getByLabel('Group name').fill(name)
  await page.getByLabel('E-mail or phone').fill('ben@demo.example')
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(page.getByRole('list', { name: 'Members' }).getByText('Ben')).toBeVisible()
  await page.getByRole('button', { name: 'Create group' }).click()
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
}

test('the palette goes to chats and people and does what its words say, by keys alone', async ({ browser, server }) => {
  // Somebody whom Anna keeps as a contact and has no chat with.
  const [anna, dora] = await Promise.all([demoPerson(server, 'anna'), newcomer(server, 'Dora Dément')])
  const people = createPeople(anna.options)
  const doraId = dora.client.me?.principalId ?? 0
  await people.putContact(doraId)
  await Promise.all([anna.client.close(), dora.client.close()])
  const page = await enter(browser, server, 'anna')
  await makeGroup(page, 'Garden plans')
  const field = page.getByRole('combobox', { name: 'Go to a chat or do something' })

  await page.keyboard.press('Control+k')
  await expect(field).toBeFocused()
  expect(await faultsOf(page)).toEqual([])
  await field.fill('plan gar')
  await expect(page.getByRole('option', { selected: true })).toContainText('Garden plans')
  await field.fill('ben')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Ben', exact: true })).toBeVisible()
  await expect(field).toBeHidden()

  await page.keyboard.press('Control+k')
  await field.fill('dem do')
  await expect(page.getByRole('option', { name: /Dora Dément/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Dora Dément', exact: true })).toBeVisible()

  await page.keyboard.press('Control+k')
  await field.fill('no such thing')
  await expect(page.getByText('Nothing matches “no such thing”.')).toBeVisible()
  await field.fill('theme dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  // What opens from it gives the focus back to where it was before.
  const composer = page.getByPlaceholder('Write a message')
  await composer.focus()
  await page.keyboard.press('Control+k')
  expect(await faultsOf(page)).toEqual([])
  await field.fill('starred')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Starred messages' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(composer).toBeFocused()
  await page.keyboard.press('Control+k')
  await expect(field).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('option', { selected: true })).toContainText('Sign out')
  await page.keyboard.press('Control+k')
  await expect(field).toBeHidden()
  await expect(composer).toBeFocused()
  await people.removeContact(doraId) // Anna is the other tests' Anna, too
  await page.context().close()
})

test('keys lead from chat to chat, to the unread ones, out of a chat, and read them all', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  await makeGroup(a, 'Weekend')
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  await write(b, 'Are you coming?')
  const direct = a.locator('[data-chat]').filter({ hasText: 'Are you coming?' })
  await expect(direct.getByText(/unread message/)).toBeAttached()

  // "Weekend" is open; the direct chat has come to the top.
  await a.keyboard.press('Alt+Shift+ArrowUp')
  await expect(a.getByRole('heading', { name: 'Ben', exact: true })).toBeVisible()
  await expect(direct.getByText(/unread message/)).not.toBeAttached()
  await a.keyboard.press('Alt+ArrowDown')
  await expect(a.getByRole('heading', { name: 'Weekend', exact: true })).toBeVisible()
  await a.keyboard.press('Alt+ArrowUp')
  await expect(a.getByRole('heading', { name: 'Ben', exact: true })).toBeVisible()

  // One level at a time: the panel, then the chat, which then has the focus in the list.
  await a.getByRole('button', { name: 'Info', exact: true }).click()
  await expect(a.getByRole('complementary')).toBeVisible()
  await a.getByPlaceholder('Write a message').focus()
  await a.keyboard.press('Escape')
  await expect(a.getByRole('complementary')).toBeHidden()
  await expect(a.getByRole('heading', { name: 'Ben', exact: true })).toBeVisible()
  await a.keyboard.press('Escape')
  await expect(a.getByText('Pick a chat', { exact: true })).toBeVisible()
  await expect(direct.getByRole('link')).toBeFocused()

  await write(b, 'Last call')
  await expect(a.locator('[data-chat]').filter({ hasText: 'Last call' }).getByText(/unread message/)).toBeAttached()
  await a.keyboard.press('Shift+Escape')
  await a.getByRole('dialog', { name: 'Mark all as read' }).getByRole('button', { name: 'Mark all as read' }).click()
  await expect(a.getByText(/unread message/)).toHaveCount(0)
  await expect(a).not.toHaveTitle(/^\(/)
  await a.context().close()
  await b.context().close()
})

test('keys of one sign search and help, not where one writes, and can be turned off', async ({ browser, server }) => {
  const page = await enter(browser, server, 'anna')
  await openChat(page, 'Ben')
  const composer = page.getByPlaceholder('Write a message')
  const search = page.getByRole('searchbox', { name: 'Search chats and messages' })
  await composer.press('/')
  await composer.press('?')
  await expect(composer).toHaveValue('/?')
  await composer.fill('')

  await page.getByRole('heading', { name: 'Ben', exact: true }).click()
  await page.locator('body').press('/')
  await expect(search).toBeFocused()
  await page.keyboard.press('Control+/')
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(help.getByText('Next unread chat')).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await help.getByLabel('Single-key shortcuts').uncheck()
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
  await expect(search).toBeFocused()

  await page.getByRole('link', { name: /Calls/ }).first().click()
  await expect(page.getByRole('heading', { name: 'Calls', level: 1 })).toBeVisible()
  await page.locator('body').press('/')
  await page.keyboard.press('Control+/')
  await expect(help).toBeVisible()
  await expect(search).toBeHidden()
  await help.getByLabel('Single-key shortcuts').check()
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
  await page.locator('body').press('/')
  await expect(search).toBeFocused()
  await page.context().close()
})
