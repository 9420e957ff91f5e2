import { expect, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { enter, message, openChat, picture } from './people'
import { test } from './server'

const composer = (page: Page) => page.getByPlaceholder(/Write a message|Add a caption/)
const panel = (page: Page) => page.getByRole('complementary', { name: 'Scheduled messages' })
const card = (page: Page, text: string) => page.locator('[data-scheduled]').filter({ hasText: text })

/** Asks for another time from the menu of the send button. */
async function chooseTime(page: Page) {
  await page.getByRole('button', { name: 'Send', exact: true }).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Send later…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send later' })
  await expect(dialog).toBeVisible()
  return dialog
}

async function act(page: Page, text: string, action: string): Promise<void> {
  await card(page, text).getByRole('button', { name: /^Actions for the message of/ }).click()
  await page.getByRole('menuitem', { name: action, exact: true }).click()
}

test('a message is sent later, changed, sent now, and taken back; all of one’s pages follow', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const other = await enter(browser, server, 'anna', { colorScheme: 'dark' })
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await openChat(other, 'Ben')
  await openChat(b, 'Anna')

  await composer(a).fill('Happy birthday!')
  const dialog = await chooseTime(a)
  await expectAccessible(a)
  await dialog.getByLabel('Day').fill('2020-01-01')
  await dialog.getByRole('button', { name: 'Send later', exact: true }).click()
  await expect(dialog.getByText('Choose a time between a minute')).toBeVisible()
  await dialog.getByRole('button', { name: /^Tomorrow morning/ }).click()
  await expect(a.getByText('Will be sent tomorrow, 9:00 AM.')).toBeVisible()
  await expect(composer(a)).toHaveValue('')
  await expect(composer(a)).toBeFocused()
  await expect(a.getByRole('button', { name: '1 scheduled message' })).toBeVisible()

  // Without a mouse: from the menu beside the field.
  await composer(a).fill('And a second one')
  await a.getByRole('button', { name: 'Attach a file' }).press('Enter')
  await a.getByRole('menuitem', { name: 'Send later…' }).press('Enter')
  await a.getByRole('button', { name: /^In an hour/ }).press('Enter')
  await expect(other.getByRole('button', { name: '2 scheduled messages' })).toBeVisible()

  await other.getByRole('button', { name: '2 scheduled messages' }).click()
  await expect(panel(other).locator('[data-scheduled]')).toContainText(['And a second one', 'Happy birthday!'])
  await expectAccessible(other)
  await act(other, 'Happy birthday!', 'Edit message')
  await other.getByRole('dialog', { name: 'Edit message' }).getByLabel('Message').fill('Happy birthday, Ben!')
  await expectAccessible(other)
  await other.getByRole('button', { name: 'Save' }).click()
  await act(other, 'Happy birthday, Ben!', 'Change time')
  const time = other.getByRole('dialog', { name: 'Change time' })
  await time.getByLabel('Day').fill(new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10))
  await time.getByLabel('Time', { exact: true }).fill('07:30')
  await time.getByRole('button', { name: /^Send .*7:30/ }).click()
  await expect(card(other, 'Happy birthday, Ben!')).toContainText('7:30')
  await act(other, 'And a second one', 'Cancel message')
  await other.getByRole('dialog', { name: 'Cancel this message?' }).getByRole('button', { name: 'Do not send' }).click()
  await expect(card(other, 'And a second one')).toHaveCount(0)
  await expect(a.getByRole('button', { name: '1 scheduled message' })).toBeVisible()

  await expect(message(b, 'Happy birthday')).toHaveCount(0)
  await act(other, 'Happy birthday, Ben!', 'Send now')
  await expect(message(b, 'Happy birthday, Ben!')).toBeVisible()
  await expect(panel(other).getByText('Nothing is scheduled')).toBeVisible()
  await expect(a.getByRole('button', { name: /scheduled message/ })).toHaveCount(0)
  for (const page of [a, other, b]) await page.context().close()
})

test('a picture with its caption is sent later, too', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await openChat(b, 'Anna')
  await a.locator('[data-pick=media]').setInputFiles([await picture(a, 'red.png', 'red'), await picture(a, 'blue.png', 'blue')])
  await composer(a).fill('From the archive')
  const dialog = await chooseTime(a)
  await dialog.getByRole('button', { name: /^In an hour/ }).click()
  await expect(a.getByRole('list', { name: 'Files to send' })).toBeHidden()
  await expect(a.getByText(/^Will be sent /)).toBeVisible()
  await expect(composer(a)).toBeFocused()
  await a.getByRole('button', { name: '2 scheduled messages' }).click()
  await expect(panel(a).locator('[data-scheduled]')).toContainText(['From the archive', 'Image'])
  await act(a, 'From the archive', 'Send now')
  await expect(message(b, 'From the archive').locator('img')).toBeVisible()
  await act(a, 'Image', 'Cancel message')
  await a.getByRole('dialog', { name: 'Cancel this message?' }).getByRole('button', { name: 'Do not send' }).click()
  await expect(panel(a).getByText('Nothing is scheduled')).toBeVisible()
  await a.context().close()
  await b.context().close()
})

test('what was stored though its answer was lost is not scheduled twice, and its files are not lost', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  await openChat(a, 'Ben')
  let loses = true // the next answer to what is scheduled
  let away = true // no list can be had
  await a.route(/\/api\/chats\/\d+\/scheduled$/, async (route) => {
    if (!loses) return route.continue()
    loses = false
    await route.fetch()
    await route.abort()
  })
  await a.route(/\/api\/scheduled\?/, (route) => (away ? route.abort() : route.continue()))
  await composer(a).fill('Only once')
  const dialog = await chooseTime(a)
  await dialog.getByRole('button', { name: /^Tomorrow morning/ }).click()
  await expect(a.getByText('The server cannot be reached.')).toBeVisible()
  await expect(composer(a)).toHaveValue('Only once')
  away = false
  await dialog.getByRole('button', { name: /^In an hour/ }).click()
  await expect(composer(a)).toHaveValue('')
  await a.getByRole('button', { name: '1 scheduled message' }).click()
  await expect(panel(a).locator('[data-scheduled]')).toHaveCount(1)

  loses = true
  away = true
  await a.locator('[data-pick=media]').setInputFiles([await picture(a, 'red.png', 'red'), await picture(a, 'blue.png', 'blue')])
  await composer(a).fill('A caption')
  await (await chooseTime(a)).getByRole('button', { name: /^Tomorrow morning/ }).click()
  await expect(a.locator('[data-file]')).toHaveCount(1)
  away = false
  await a.getByRole('button', { name: 'Try red.png again' }).click()
  await expect(a.getByRole('list', { name: 'Files to send' })).toBeHidden()
  await expect(panel(a).locator('[data-scheduled]')).toHaveCount(3)
  await expect(card(a, 'A caption')).toHaveCount(1)
  await a.context().close()
})

test('what could not be sent says why, though its chat is gone', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await a.getByRole('button', { name: 'New chat or group' }).click()
  await a.getByRole('menuitem', { name: 'New group' }).click()
  const made = a.getByRole('dialog', { name: 'New group' })
  await made.getByLabel('Group name').fill('Short-lived')
  await made.getByLabel('E-mail or phone').fill('ben@demo.example')
  await made.getByRole('button', { name: 'Find' }).click()
  await expect(made.getByRole('list', { name: 'Members' })).toBeVisible()
  await made.getByRole('button', { name: 'Create group' }).click()
  await openChat(b, 'Short-lived')
  await composer(b).fill('Too late for this')
  await (await chooseTime(b)).getByRole('button', { name: /^Tomorrow morning/ }).click()
  await expect(b.getByRole('button', { name: '1 scheduled message' })).toBeVisible()

  await a.getByRole('button', { name: 'Group info' }).click()
  await a.getByRole('button', { name: 'Delete for everyone' }).click()
  await a.getByRole('dialog').getByRole('button', { name: 'Delete for everyone' }).click()
  await expect(b.getByText('A scheduled message in “Short-lived” could not be sent.')).toBeVisible()
  await b.getByRole('button', { name: 'Account and settings' }).click()
  await b.getByRole('menuitem', { name: 'Scheduled messages' }).click()
  await expect(card(b, 'Too late for this')).toContainText('Not sent. This chat was deleted')
  await expectAccessible(b)
  await card(b, 'Too late for this').getByRole('button').click()
  await expect(b.getByRole('menuitem', { name: 'Send now' })).toBeHidden()
  await b.getByRole('menuitem', { name: 'Discard message' }).click()
  await b.getByRole('dialog', { name: 'Cancel this message?' }).getByRole('button', { name: 'Do not send' }).click()
  await expect(b.getByText('Nothing is scheduled')).toBeVisible()
  await a.context().close()
  await b.context().close()
})

test('on a phone a finger that rests on the send button opens its menu', async ({ browser, server }) => {
  const page = await enter(browser, server, 'ben', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await openChat(page, 'Anna')
  await composer(page).fill('held down')
  const send = page.getByRole('button', { name: 'Send', exact: true })
  const box = await send.boundingBox()
  if (!box) throw new Error('no button')
  const touch = { pointerType: 'touch', isPrimary: true, clientX: box.x + 20, clientY: box.y + 20, bubbles: true }
  await send.dispatchEvent('pointerdown', touch)
  await expect(page.getByRole('menuitem', { name: 'Send later…' })).toBeVisible()
  await page.getByRole('menuitem', { name: 'Send later…' }).tap()
  const dialog = page.getByRole('dialog', { name: 'Send later' })
  await expect(dialog).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Close' }).tap()
  await expect(composer(page)).toHaveValue('held down')
  await composer(page).fill('')
  await page.context().close()
})
