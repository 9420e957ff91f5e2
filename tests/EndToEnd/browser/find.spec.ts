import { expect } from '@playwright/test'
import { createGroups } from '../../../clients/ts-sdk/src/index.js'
import { expectAccessible } from './accessible'
import { enter, message, openChat } from './people'
import { demoPerson, forEach } from './sdk-people'
import { test } from './server'

test('Ctrl+F finds in the open chat, also far above what is loaded, and leads from one to the next', async ({ browser, server }) => {
  const anna = await demoPerson(server, 'anna')
  const chat = await createGroups(anna.client).create('Found again', [])
  await forEach(Array.from({ length: 300 }, (_, n) => n), 1, (n) =>
    chat.send({ text: n === 3 || n === 150 || n === 298 ? `${n} the old lighthouse` : `${n} nothing of it` }).sent)
  await anna.client.close()

  const page = await enter(browser, server, 'anna')
  await openChat(page, 'Found again')
  const place = page.getByRole('search', { name: 'Find in this chat' }).getByRole('status')
  const field = page.getByRole('searchbox', { name: 'Find in this chat' })
  await page.keyboard.press('Control+f')
  await expect(field).toBeFocused()
  await field.pressSequentially('lightho')
  await expect(place).toContainText('1 of 3')
  await expect(message(page, '298 the old lighthouse')).toBeInViewport()
  await expectAccessible(page)
  await field.press('Enter')
  await expect(place).toContainText('2 of 3')
  await expect(message(page, '150 the old lighthouse')).toBeInViewport()
  await expect.poll(() => page.evaluate(() => [...CSS.highlights.get('found-here') ?? []].map(String))).toEqual(['lightho'])
  await page.getByRole('button', { name: 'Previous result' }).click()
  await expect(message(page, '3 the old lighthouse')).toBeInViewport()
  await field.press('Shift+Enter')
  await expect(place).toContainText('2 of 3')
  await expect(message(page, '150 the old lighthouse')).toBeInViewport()
  await expect(field).toBeFocused()

  await field.fill('nowhere to be found')
  await expect(place).toHaveText('No messages found.')
  await field.press('Escape')
  await expect(field).toBeHidden()
  await expect(page.getByPlaceholder('Write a message')).toBeFocused()
  expect(await page.evaluate(() => CSS.highlights.has('found'))).toBe(false)
  await page.context().close()
})

test('on a phone the info of a chat leads to the search in it', async ({ browser, server }) => {
  const page = await enter(browser, server, 'anna', { viewport: { width: 390, height: 760 } })
  await openChat(page, 'Weekend trip')
  await page.getByRole('button', { name: 'Group info' }).click()
  await page.getByRole('button', { name: 'Find in this chat' }).click()
  await expect(page.getByRole('searchbox', { name: 'Find in this chat' })).toBeFocused()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Close the search in this chat' }).click()
  await expect(page.getByRole('searchbox', { name: 'Find in this chat' })).toBeHidden()
  await page.context().close()
})
