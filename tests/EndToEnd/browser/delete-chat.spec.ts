import { expect, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { enter, message, openChat, write } from './people'
import { test } from './server'

async function makeGroup(page: Page, name: string, login: string): Promise<void> {
  await page.getByRole('button', { name: 'New chat or group' }).click()
  await page.getByRole('menuitem', { name: 'New group' }).click()
  const dialog = page.getByRole('dialog', { name: 'New group' })
  await dialog.getByLabel('Group name').fill(name)
  await dialog.getByLabel('E-mail or phone').fill(login)
  await dialog.getByRole('button', { name: 'Find' }).click()
  await expect(dialog.getByRole('list', { name: 'Members' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Create group' }).click()
  await expect(dialog).toBeHidden()
}

test('an admin deletes a group for everyone, and who has it open is told', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben', { colorScheme: 'dark' })
  await makeGroup(a, 'Doomed', 'ben@demo.example')
  await write(a, 'nobody shall read this tomorrow')
  await openChat(b, 'Doomed')
  await expect(message(b, 'nobody shall read this tomorrow')).toBeVisible()
  await b.getByPlaceholder('Write a message').fill('I was about to say')
  await b.getByRole('button', { name: 'Group info' }).click()
  await expect(b.getByRole('button', { name: 'Leave group' })).toBeVisible()
  await expect(b.getByRole('button', { name: 'Delete for everyone' })).toBeHidden()
  await b.getByPlaceholder('Write a message').focus()

  await a.getByRole('button', { name: 'Group info' }).click()
  await a.getByRole('button', { name: 'Delete for everyone' }).click()
  const dialog = a.getByRole('dialog', { name: 'Delete “Doomed” for everyone?' })
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await expect(dialog.getByText('for each of the 2 members')).toBeVisible()
  await expectAccessible(a)
  await dialog.getByRole('button', { name: 'Delete for everyone' }).click()
  await expect(a.getByText('“Doomed” was deleted.')).toBeVisible()
  await expect(a).toHaveURL(server.url + '/')
  await expect(a.getByRole('link').filter({ hasText: 'Doomed' })).toHaveCount(0)

  await expect(b.getByRole('heading', { name: 'This chat was deleted' })).toBeVisible()
  await expect(b.getByText('Anna deleted it for everyone. Nothing is left of it.')).toBeVisible()
  await expect(b.locator('[data-deleted]')).toBeFocused()
  await expect(message(b, 'nobody shall read this tomorrow')).toHaveCount(0)
  await expect(b.getByPlaceholder('Write a message')).toHaveCount(0)
  await expect(b.getByRole('complementary')).toHaveCount(0)
  await expect(b.getByRole('link').filter({ hasText: 'Doomed' })).toHaveCount(0)
  await expectAccessible(b)
  await b.getByRole('button', { name: 'Back' }).click()
  await expect(b).toHaveURL(server.url + '/')
  await a.context().close()
  await b.context().close()
})
