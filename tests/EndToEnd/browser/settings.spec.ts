import { createHmac } from 'node:crypto'
import { type Browser, type BrowserContextOptions, expect, type Page } from '@playwright/test'
import { expectAccessible, faultsInBothOf } from './accessible'
import { enter, message, openChat, write } from './people'
import { type ChatServer, test } from './server'

const password = 'correct horse battery'

/** Somebody whom no other test knows. Gives their e-mail address. */
async function register(server: ChatServer, name: string): Promise<string> {
  const email = `${name.toLowerCase()}-${Date.now()}@example.org`
  const answer = await fetch(`${server.url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, email, password, deviceName: 'Old tablet' }),
  })
  expect(answer.ok).toBe(true)
  return email
}

async function open(browser: Browser, server: ChatServer, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage()
  page.on('pageerror', (fault) => { throw fault })
  await page.goto(server.url)
  return page
}

async function give(page: Page, login: string, secret: string): Promise<void> {
  await page.getByLabel('E-mail or phone').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const chats = (page: Page) => page.getByRole('heading', { name: 'Chats', exact: true })
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

async function openSection(page: Page, name: string): Promise<void> {
  if (!new URL(page.url()).pathname.startsWith('/settings')) {
    await page.getByRole('button', { name: 'Account and settings' }).click()
    await page.getByRole('menuitem', { name: 'Settings' }).click()
  }
  await page.getByRole('link', { name: new RegExp(`^${name}`) }).click()
  await expect(page.getByRole('main').getByRole('heading', { name, level: 1 })).toBeVisible()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Back to chats' }).click()
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
}

/** What an authenticator app shows for a secret in base32 (RFC 6238), so many steps of 30 s from now. */
function totp(secret: string, ahead = 0): string {
  const bits = [...secret.replaceAll(' ', '')].map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const hash = createHmac('sha1', key).update(counter).digest()
  const at = (hash[19] ?? 0) & 15
  return `${(hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000}`.padStart(6, '0')
}

test('who sees what is set on one page and seen on another’s', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben', { colorScheme: 'dark' })
  await openChat(b, 'Anna')
  const online = b.getByRole('main').locator('header').getByText('online')
  await expect(online).toBeVisible()

  await openSection(a, 'Privacy')
  await a.getByLabel('When you were last online').selectOption('Nobody')
  await b.reload()
  await write(b, 'can you see this?')
  await expect(message(b, 'can you see this?').getByText(/Delivered|Read/)).toHaveCount(1) // what came with the chat is there by then
  await expect(online).toHaveCount(0)
  await a.getByLabel('When you were last online').selectOption('Everyone')
  await b.reload()
  await expect(online).toBeVisible()

  await a.reload()
  await expect(a.getByLabel('When you were last online')).toHaveValue('everyone')
  await a.context().close()
  await b.context().close()
})

test('one’s name and text are changed, and the name follows at once and over a reload', async ({ browser, server }) => {
  const email = await register(server, 'Dora')
  const page = await open(browser, server)
  await give(page, email, password)
  await openSection(page, 'Profile')
  const save = page.getByRole('button', { name: 'Save' })
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Dora')
  await expect(save).toBeDisabled()
  await page.getByLabel('Name', { exact: true }).fill('Dora M.')
  await page.getByLabel('About').fill('At sea')
  await save.click()
  await expect(page.getByText('Your profile is saved.')).toBeVisible()
  const menuName = async () => {
    await page.getByRole('link', { name: 'Back to chats' }).click()
    await page.getByRole('button', { name: 'Account and settings' }).click()
    await expect(page.getByRole('menu').getByText('Dora M.', { exact: true })).toBeVisible()
    await page.getByRole('menuitem', { name: 'Settings' }).click()
  }
  await menuName()
  await page.reload()
  await menuName()
  await openSection(page, 'Profile')
  await expect(page.getByLabel('About')).toHaveValue('At sea')
  await page.context().close()
})

test('a contact is kept under another name, blocked and unblocked', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openSection(a, 'Contacts')
  await expect(a.getByText('You have no contacts yet.')).toBeVisible()
  await a.getByLabel('E-mail or phone').fill('ben@demo.example')
  await a.getByRole('button', { name: 'Find' }).click()
  await expect(a.getByText('Ben is now one of your contacts.')).toBeVisible()
  await a.getByRole('button', { name: 'Add Ben to favourites' }).click()
  await a.getByRole('button', { name: 'Actions for Ben' }).click()
  await a.getByRole('menuitem', { name: 'Change the name' }).click()
  await a.getByRole('dialog').getByLabel('Name').fill('Benny')
  await a.getByRole('button', { name: 'Save' }).click()
  await expect(a.getByText('Goes by Ben')).toBeVisible()
  await a.reload()
  await expect(a.getByRole('button', { name: 'Remove Benny from favourites' })).toHaveAttribute('aria-pressed', 'true')

  await a.getByRole('button', { name: 'Actions for Benny' }).click()
  await a.getByRole('menuitem', { name: 'Block' }).click()
  await expectAccessible(a)
  await a.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
  await expect(card(a, 'Your contacts').getByText('Blocked')).toBeVisible()
  await openChat(b, 'Anna')
  await write(b, 'are you there?')
  await expect(b.getByText('one of you has blocked the other').first()).toBeVisible()

  await openSection(a, 'Privacy')
  await card(a, 'Blocked people').getByRole('button', { name: 'Unblock Ben' }).click()
  await expect(card(a, 'Blocked people').getByText('You have not blocked anyone.')).toBeVisible()
  await write(b, 'and now?')
  await expect(message(b, 'and now?')).toBeVisible()

  await openSection(a, 'Contacts')
  await a.getByRole('button', { name: 'Actions for Benny' }).click()
  await a.getByRole('menuitem', { name: 'Write to' }).click()
  await expect(message(a, 'and now?')).toBeVisible()
  await a.getByRole('button', { name: 'Info', exact: true }).click()
  await a.getByRole('button', { name: 'Block Ben' }).click()
  await a.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click()
  await a.getByRole('button', { name: 'Unblock Ben' }).click()
  await expect(a.getByRole('button', { name: 'Block Ben', exact: true })).toBeVisible()

  await openSection(a, 'Contacts')
  await a.getByRole('button', { name: 'Actions for Benny' }).click()
  await a.getByRole('menuitem', { name: 'Remove from contacts' }).click()
  await a.getByRole('dialog').getByRole('button', { name: 'Remove from contacts' }).click()
  await expect(a.getByText('You have no contacts yet.')).toBeVisible()
  await a.context().close()
  await b.context().close()
})

test('another device is signed out, and one’s password changed, which ends the others', async ({ browser, server }) => {
  const email = await register(server, 'Emil')
  const [a, b] = [await open(browser, server), await open(browser, server)]
  for (const page of [a, b]) {
    await give(page, email, password)
    await expect(chats(page)).toBeVisible()
  }
  await openSection(a, 'Devices')
  const others = card(a, 'Other devices')
  await expect(others.getByRole('listitem')).toHaveCount(2)
  await expectAccessible(a)
  await others.getByRole('button', { name: /^Sign out Web/ }).click()
  await a.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(others.getByRole('listitem')).toHaveCount(1)
  await expect(others.getByText('Old tablet')).toBeVisible()
  await expect(b.getByText(/signed out/).first()).toBeVisible()
  await others.getByRole('button', { name: 'Sign out all other devices' }).click()
  await a.getByRole('dialog').getByRole('button', { name: 'Sign out all other devices' }).click()
  await expect(others.getByText('You are not signed in anywhere else.')).toBeVisible()

  const c = await open(browser, server)
  await give(c, email, password)
  await expect(chats(c)).toBeVisible()
  await openSection(a, 'Security')
  await a.getByLabel('Current password').fill('not this one')
  await a.getByLabel('New password').fill('battery horse correct')
  await a.getByRole('button', { name: 'Change password' }).click()
  await expect(card(a, 'Password').getByRole('alert')).toContainText('not right')
  await a.getByLabel('Current password').fill(password)
  await a.getByRole('button', { name: 'Change password' }).click()
  await expect(a.getByText('Your password has been changed.')).toBeVisible()
  await expect(c.getByText(/signed out/).first()).toBeVisible()
  await signOut(a)
  await give(a, email, password)
  await expect(a.getByRole('alert').filter({ hasText: 'not right' })).toBeVisible()
  await give(a, email, 'battery horse correct')
  await expect(chats(a)).toBeVisible()
  for (const page of [a, b, c]) await page.context().close()
})

test('a second step is set up, asked for with a code or a recovery code, and turned off', async ({ browser, server }) => {
  const email = await register(server, 'Fatma')
  const page = await open(browser, server, { colorScheme: 'dark' })
  await give(page, email, password)
  await openSection(page, 'Security')
  const twoStep = card(page, 'Two-step sign-in')
  await twoStep.getByRole('button', { name: 'Set up' }).click()
  await expect(twoStep.getByLabel('Password', { exact: true })).toBeFocused()
  await twoStep.getByLabel('Password', { exact: true }).fill(password)
  await twoStep.getByRole('button', { name: 'Continue' }).click()
  await expect(twoStep.getByRole('img', { name: 'QR code for an authenticator app' })).toBeVisible()
  const secret = await twoStep.locator('[data-secret]').innerText()
  await expectAccessible(page)
  await twoStep.getByLabel('Code shown in the app now').fill('000000')
  await twoStep.getByRole('button', { name: 'Turn on' }).click()
  await expect(twoStep.getByRole('alert')).toContainText('The code is wrong')
  await twoStep.getByLabel('Code shown in the app now').fill(totp(secret))
  await twoStep.getByRole('button', { name: 'Turn on' }).click()
  const shown = twoStep.locator('[data-recovery-codes] li')
  await expect(shown).toHaveCount(10)
  const codes = await shown.allInnerTexts()
  await expectAccessible(page)
  const saved = page.waitForEvent('download')
  await twoStep.getByRole('button', { name: 'Download' }).click()
  expect((await saved).suggestedFilename()).toBe('recovery-codes.txt')
  await openSection(page, 'Devices')
  await openSection(page, 'Security')
  expect(await shown.allInnerTexts()).toEqual(codes)
  await twoStep.getByRole('button', { name: 'I have saved them' }).click()
  await expect(twoStep.getByText('10 recovery codes are left.')).toBeVisible()

  await signOut(page)
  await give(page, email, password)
  await expect(page.getByLabel('Code of the second step')).toBeFocused()
  await expectAccessible(page)
  await page.getByLabel('Code of the second step').fill(codes[0] ?? '')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(chats(page)).toBeVisible()
  await openSection(page, 'Security')
  await expect(twoStep.getByText('9 recovery codes are left.')).toBeVisible()

  await signOut(page)
  await give(page, email, password)
  await page.getByLabel('Code of the second step').fill(codes[0] ?? '')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'The code is wrong' })).toBeVisible()
  // A code works once, and that of this step has turned it on.
  await page.getByLabel('Code of the second step').fill(totp(secret, 1))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(chats(page)).toBeVisible()

  await openSection(page, 'Security')
  await twoStep.getByRole('button', { name: 'New recovery codes' }).click()
  await twoStep.getByLabel('Password', { exact: true }).fill(password)
  await twoStep.getByLabel('Code', { exact: true }).fill(codes[1] ?? '')
  await twoStep.getByRole('button', { name: 'Make new codes' }).click()
  await expect(shown).toHaveCount(10)
  const renewed = await shown.allInnerTexts()
  await twoStep.getByRole('button', { name: 'I have saved them' }).click()
  await twoStep.getByRole('button', { name: 'Turn off' }).click()
  await twoStep.getByLabel('Password', { exact: true }).fill(password)
  await twoStep.getByLabel('Code', { exact: true }).fill(codes[2] ?? '')
  await twoStep.getByRole('button', { name: 'Turn off' }).click()
  await expect(twoStep.getByRole('alert')).toContainText('The code is wrong')
  await twoStep.getByLabel('Code', { exact: true }).fill(renewed[0] ?? '')
  await twoStep.getByRole('button', { name: 'Turn off' }).click()
  await expect(twoStep.getByText('It is off.')).toBeVisible()
  await signOut(page)
  await give(page, email, password)
  await expect(chats(page)).toBeVisible()
  await page.context().close()
})

const sections = ['Profile', 'Privacy', 'Contacts', 'Devices', 'Security', 'Appearance']

test('every section is accessible, light and dark', async ({ browser, server }) => {
  const page = await enter(browser, server, 'chloe')
  for (const name of sections) {
    await openSection(page, name)
    await expect(page.getByText('Loading…')).toHaveCount(0)
    expect(await faultsInBothOf(page)).toEqual([])
  }
  await page.context().close()
})

test('on a phone a section follows the list, and the focus goes along', async ({ browser, server }) => {
  const page = await enter(browser, server, 'chloe', { viewport: { width: 390, height: 844 } })
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Profile' })).toBeFocused()
  await expect(page.getByRole('link', { name: /^Privacy/ })).toBeHidden()
  await page.getByRole('link', { name: 'Back to settings' }).click()
  await expect(page.getByRole('link', { name: /^Profile/ })).toBeFocused()
  await expectAccessible(page)

  await page.goto(`${server.url}/settings/nothing`)
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await expect(page).toHaveURL(/\/settings$/)
  await page.context().close()
})

test('what could not be loaded says so, and is loaded again', async ({ browser, server }) => {
  const page = await enter(browser, server, 'chloe')
  await page.route('**/api/privacy', (route) => route.abort())
  await openSection(page, 'Privacy')
  await expect(card(page, 'Who sees it').getByRole('alert')).toHaveText('This could not be loaded.')
  await expectAccessible(page)
  await page.unroute('**/api/privacy')
  await card(page, 'Who sees it').getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByLabel('Your picture')).toHaveValue('everyone')
  await page.route('**/api/privacy', (route) => route.abort())
  await page.getByLabel('Your picture').selectOption('Nobody')
  await expect(page.getByText('The server cannot be reached.')).toBeVisible()
  await expect(page.getByLabel('Your picture')).toHaveValue('everyone')
  await page.context().close()
})
