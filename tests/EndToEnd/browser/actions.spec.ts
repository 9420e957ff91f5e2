import { expect, type Page } from '@playwright/test'
import { faultsInBothOf, faultsOf } from './accessible'
import { enter, openChat, write } from './people'
import { writeLines } from './sdk-people'
import { test } from './server'

/** A chat that neither Ben nor another specification, which may follow on the same server, counts in. */
async function startWithChloe(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New chat or group' }).click()
  await page.getByRole('menuitem', { name: 'New chat' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail or phone').fill('chloe@demo.example')
  await dialog.getByRole('button', { name: 'Find' }).click()
  await dialog.getByRole('button', { name: /^Chat with/ }).click()
  await expect(page.getByPlaceholder('Write a message')).toBeVisible()
  await expect(dialog).toHaveCount(0)
}

/** The newest with this text: what is forwarded or quoted has it, too. */
function message(page: Page, text: string) {
  return page.getByRole('article').filter({ hasText: text }).last()
}

async function choose(page: Page, text: string, action: string): Promise<void> {
  const item = page.getByRole('menuitem', { name: action, exact: true })
  // What was sent a moment ago is drawn anew with its sequence, perhaps under the click.
  await expect(async () => {
    await message(page, text).getByText(text).click({ button: 'right', timeout: 3_000 })
    await expect(item).toBeVisible({ timeout: 3_000 })
  }).toPass()
  await item.click()
}

test('what is done to a message is seen by both: reactions, edits, pins, stars, deletion', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await openChat(b, 'Anna')

  await write(a, 'Shall we ship it?')
  await choose(b, 'Shall we ship it?', 'React with 👍')
  await expect(message(a, 'Shall we ship it?').getByRole('button', { name: /👍/ })).toHaveAttribute('aria-pressed', 'false')
  await message(a, 'Shall we ship it?').getByRole('button', { name: /👍/ }).click()
  await expect(message(b, 'Shall we ship it?').getByRole('button', { name: /👍/ })).toHaveText('👍2')
  await message(b, 'Shall we ship it?').getByRole('button', { name: /👍/ }).focus()
  await expect(message(b, 'Shall we ship it?').getByRole('button', { name: '👍, You and Anna' })).toBeAttached()

  // The full picker, all by keys.
  await message(b, 'Shall we ship it?').focus()
  await b.keyboard.press('Shift+F10')
  await b.getByRole('menuitem', { name: 'Other emoji' }).press('Enter')
  await b.getByRole('dialog', { name: 'React' }).getByRole('button', { name: '😃', exact: true }).press('Enter')
  await expect(message(a, 'Shall we ship it?').getByRole('button', { name: /😃/ })).toBeVisible()

  await a.getByPlaceholder('Write a message').press('ArrowUp')
  await expect(a.getByLabel('New text of the message')).toHaveValue('Shall we ship it?')
  await a.keyboard.press('Escape')
  await expect(a.getByPlaceholder('Write a message')).toBeFocused()
  await a.keyboard.press('ArrowUp')
  await a.getByLabel('New text of the message').fill('Shall we ship it today?')
  await a.keyboard.press('Enter')
  await expect(message(b, 'Shall we ship it today?').getByText('edited').last()).toBeVisible()

  await choose(a, 'Shall we ship it today?', 'Star')
  await expect(message(a, 'Shall we ship it today?').getByRole('img', { name: 'Starred' })).toBeVisible()
  await a.getByRole('button', { name: 'Account and settings' }).click()
  await a.getByRole('menuitem', { name: 'Starred messages' }).click()
  await a.getByRole('dialog', { name: 'Starred messages' }).getByRole('link', { name: /Shall we ship it today/ }).click()
  await expect(message(a, 'Shall we ship it today?')).toBeFocused()

  await choose(b, 'Shall we ship it today?', 'Pin for everyone')
  await expect(a.getByRole('button', { name: /Pinned message/ })).toContainText('Shall we ship it today?')
  await a.getByRole('button', { name: /Pinned message/ }).click()
  await expect(message(a, 'Shall we ship it today?')).toBeFocused()
  await a.getByRole('button', { name: 'Unpin' }).click()
  await expect(b.getByRole('button', { name: /Pinned message/ })).toHaveCount(0)

  await write(a, 'A slip of the hand')
  await choose(a, 'A slip of the hand', 'Delete')
  await a.getByRole('button', { name: 'Delete for everyone' }).click()
  await expect(message(b, 'This message was deleted')).toBeVisible()
  await write(a, 'Not for me to see')
  await choose(b, 'Not for me to see', 'Delete')
  await expect(b.getByRole('button', { name: 'Delete for everyone' })).toHaveCount(0)
  await b.getByRole('button', { name: 'Delete for me' }).click()
  await expect(message(b, 'Not for me to see')).toHaveCount(0)
  await expect(message(a, 'Not for me to see')).toBeVisible()
  await a.context().close()
  await b.context().close()
})

test('a message is passed on to several chats, and says that it was', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await write(a, 'The plan, for all of you')
  await choose(a, 'The plan, for all of you', 'Forward')
  const dialog = a.getByRole('dialog', { name: 'Forward to' })
  await dialog.getByRole('searchbox').fill('be')
  await dialog.getByRole('checkbox', { name: 'Ben' }).check({ force: true })
  await dialog.getByRole('button', { name: 'Forward to 1 chat' }).click()
  await expect(a.getByText('Forwarded to 1 chat.')).toBeVisible()
  await openChat(b, 'Anna')
  await expect(message(b, 'The plan, for all of you').getByText('Forwarded')).toBeVisible()
  await a.context().close()
  await b.context().close()
})

test('chats are pinned, muted, marked, filtered and archived by the menu of the list', async ({ browser, server }) => {
  const page = await enter(browser, server, 'anna')
  const chat = page.getByRole('link').filter({ has: page.getByText('Weekend trip', { exact: true }) })
  const choose = async (action: string) => {
    await chat.focus()
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem', { name: action, exact: true }).press('Enter')
  }
  await choose('Pin to the top')
  await expect(chat.getByRole('img', { name: 'Pinned to the top' })).toBeVisible()
  if (await chat.getByText(/unread message/).count() === 0) {
    await choose('Mark as unread')
    await expect(chat.getByText('Marked as unread')).toBeAttached()
  }
  await choose('Mark as read')
  await choose('Mark as unread') // while the reading is on its way
  await expect(chat.getByText('Marked as unread')).toBeAttached()
  await choose('Mark as read')
  await expect(chat.getByText(/unread message|Marked as unread/)).toHaveCount(0)
  await choose('Mute for 8 hours')
  await expect(chat.getByRole('img', { name: 'Muted' })).toBeVisible()
  await page.getByRole('button', { name: 'Unread', exact: true }).click()
  await expect(chat).toHaveCount(0)
  await page.getByRole('button', { name: 'All', exact: true }).click()
  await choose('Mark as unread')
  await expect(chat.getByText('Marked as unread')).toBeAttached()

  await choose('Unmute')
  await expect(chat.getByRole('img', { name: 'Muted' })).toHaveCount(0)

  await choose('Archive')
  await expect(chat).toHaveCount(0)
  await page.getByRole('button', { name: /^Archived/ }).click()
  await expect(chat).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await choose('Unarchive')
  await expect(page.getByRole('heading', { name: 'Archived' })).toHaveCount(0)
  await expect(chat).toBeVisible()
  await page.context().close()
})

test('a search finds chats and messages, and leads to the message', async ({ browser, server }) => {
  const page = await enter(browser, server, 'anna')
  await startWithChloe(page)
  await write(page, 'The zeppelin lands at noon')
  await writeLines(server, 'anna', page, Array.from({ length: 70 }, (_, n) => `filler ${n + 1}.`))
  await expect(message(page, 'filler 70.').getByText(/Sent|Delivered|Read/)).toBeAttached()
  await page.goto(server.url)
  await page.getByRole('searchbox').fill('zeppel')
  const found = page.getByRole('region', { name: 'Messages' }).getByRole('link')
  await expect(found.locator('mark')).toHaveText('zeppel')
  expect(await faultsOf(page)).toEqual([])
  for (let times = 0; times < 2; times++) {
    await found.click()
    await expect(message(page, 'The zeppelin lands at noon')).toBeFocused()
    await expect(message(page, 'The zeppelin lands at noon')).toBeInViewport()
  }
  await page.context().close()
})

test('menus and dialogs have no accessibility fault that axe finds, light or dark', async ({ browser, server }) => {
  const page = await enter(browser, server, 'anna')
  // A menu stands over the page, in no landmark, as menus do.
  const check = async () => expect(await faultsInBothOf(page, ['region'])).toEqual([])
  await startWithChloe(page)
  await write(page, 'Look at me')
  await choose(page, 'Look at me', 'React with ❤️')
  await expect(message(page, 'Look at me').getByRole('button', { name: /❤️/ })).toBeVisible()
  await check()
  await message(page, 'Look at me').getByText('Look at me').click({ button: 'right' })
  await expect(page.getByRole('menu')).toBeVisible()
  await check()
  for (const action of ['Forward', 'Delete']) {
    await page.keyboard.press('Escape')
    await choose(page, 'Look at me', action)
    await expect(page.getByRole('dialog')).toBeVisible()
    await check()
  }
  await page.context().close()
})
