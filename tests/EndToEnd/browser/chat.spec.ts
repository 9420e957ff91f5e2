import { expect } from '@playwright/test'
import { enter, message, openChat, write } from './people'
import { writeLines } from './sdk-people'
import { test } from './server'

test('two people chat: message, ticks, typing, reply', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await openChat(b, 'Anna')

  await write(a, 'Are you there?')
  await expect(message(b, 'Are you there?')).toBeVisible()
  await expect(message(a, 'Are you there?').getByText('Read')).toBeAttached()

  await b.getByPlaceholder('Write a message').pressSequentially('Yes')
  await expect(a.getByText('typing…').first()).toBeVisible()
  await b.getByPlaceholder('Write a message').press('Enter')
  await expect(message(a, 'Yes')).toBeVisible()

  await message(a, 'Yes').last().hover()
  await message(a, 'Yes').last().getByRole('button', { name: 'Reply' }).click()
  await write(a, 'Good')
  await expect(message(b, 'Good').getByText('Yes')).toBeVisible()
  await a.context().close()
  await b.context().close()
})

test('an unread message counts in the list and the title until it is seen', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')

  await write(a, 'Look here')
  await expect(b.getByRole('link', { name: /Anna/ }).getByText(/unread message/)).toBeAttached()
  await expect(b).toHaveTitle(/^\(\d+\)/)
  await openChat(b, 'Anna')
  await expect(message(b, 'Look here')).toBeVisible()
  await expect(b.getByRole('link', { name: /Anna/ }).getByText(/unread message/)).not.toBeAttached()
  await a.context().close()
  await b.context().close()
})

test('what was written while the server was down arrives once', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await openChat(b, 'Anna')
  await write(a, 'before the crash')
  await expect(message(b, 'before the crash')).toBeVisible()

  const header = a.locator('header').filter({ hasText: 'Ben' })
  await expect(header.getByText('online', { exact: true })).toBeVisible()
  await server.kill()
  await write(a, 'during the crash')
  await expect(message(a, 'during the crash')).toBeVisible()
  await expect(header.getByText('online', { exact: true })).toBeHidden() // who knows
  await server.restart()

  await expect(message(b, 'during the crash')).toBeVisible({ timeout: 30_000 })
  await expect(message(b, 'during the crash')).toHaveCount(1)
  await expect(message(a, 'during the crash')).toHaveCount(1)
  await a.context().close()
  await b.context().close()
})

test('a group is made, renamed and left', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await a.getByRole('button', { name: 'New chat or group' }).click()
  await a.getByRole('menuitem', { name: 'New group' }).click()
  const dialog = a.getByRole('dialog')
  await dialog.getByLabel('Group name').fill('Bake sale')
  await dialog.getByLabel('E-mail or phone').fill('ben@demo.example')
  await dialog.getByRole('button', { name: 'Find' }).click()
  await expect(dialog.getByRole('list', { name: 'Members' }).getByText('Ben')).toBeVisible()
  await dialog.getByRole('button', { name: 'Create group' }).click()

  await openChat(b, 'Bake sale')
  await write(b, 'I bring cake')
  await expect(message(a, 'I bring cake')).toBeVisible()
  await b.getByRole('button', { name: /Group info|Bake sale/ }).first().click()
  await b.getByRole('button', { name: 'Leave group' }).click()
  await b.getByRole('alertdialog').or(b.getByRole('dialog')).getByRole('button', { name: 'Leave group' }).click()
  await expect(a.getByText('Ben left').first()).toBeVisible()
  await a.context().close()
  await b.context().close()
})

test('a wrong password is told plainly', async ({ browser, server }) => {
  const page = await browser.newPage()
  await page.goto(server.url)
  await page.getByLabel('E-mail or phone').fill('anna@demo.example')
  await page.getByLabel('Password', { exact: true }).fill('wrong-password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'not right' })).toBeVisible()
  await page.close()
})

test('where no mail goes out, one who forgot the password is told where the code is', async ({ browser, server }) => {
  const page = await browser.newPage()
  await page.goto(server.url)
  await page.getByLabel('E-mail or phone').fill('anna@demo.example')
  await page.getByRole('button', { name: 'Forgot password?' }).click()
  await page.getByRole('button', { name: 'Send a code' }).click()
  await expect(page.getByLabel('Code', { exact: true })).toHaveAccessibleDescription('Development mode: codes are not sent, but written to the server’s log.')
  await page.close()
})

test('markup in a message stays text', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await openChat(b, 'Anna')
  let dialogs = 0
  b.on('dialog', (dialog) => { dialogs++; void dialog.dismiss() })
  const markup = '<img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3)'
  await write(a, markup)
  await expect(message(b, markup)).toBeVisible()
  expect(await b.locator('[role=feed] img, [role=feed] script').count()).toBe(0)
  expect(dialogs).toBe(0)
  await a.context().close()
  await b.context().close()
})

test('on a phone there is one column, and back leads to the list', async ({ browser, server }) => {
  const page = await enter(browser, server, 'anna', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await openChat(page, 'Ben')
  await expect(page.getByRole('heading', { name: 'Chats', exact: true })).not.toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  await page.getByRole('link', { name: 'Back to chats' }).or(page.getByRole('button', { name: 'Back to chats' })).click()
  await expect(page.getByRole('heading', { name: 'Chats', exact: true })).toBeVisible()
  await page.context().close()
})

test('older history loads on scroll and the view does not jump', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  await openChat(a, 'Ben')
  await writeLines(server, 'anna', a, Array.from({ length: 130 }, (_, n) => `line ${n + 1} of many`))
  await a.reload()
  await expect(message(a, 'line 130 of many')).toBeVisible()

  // Up to the oldest loaded line, in steps of a wheel; what is loaded above must not move what is on the screen.
  const feed = a.getByRole('feed')
  await feed.hover()
  let jumps = 0
  for (let scrolls = 0; scrolls < 80 && !(await message(a, 'line 20 of many').isVisible()); scrolls++) {
    const line = feed.getByRole('article').filter({ hasText: /line \d+ of many/ }).nth(8)
    const text = (await line.innerText()).match(/line \d+ of many/)?.[0] ?? ''
    const before = await message(a, text).boundingBox()
    await a.mouse.wheel(0, -200)
    await a.waitForTimeout(120)
    const after = await message(a, text).boundingBox()
    if (before && after && after.y < before.y - 4) jumps++
  }
  await expect(message(a, 'line 20 of many')).toBeVisible()
  expect(jumps).toBe(0)
  await a.context().close()
})
