import { type Browser, type CDPSession, expect, type Page } from '@playwright/test'
import { faultsOf } from './accessible'
import { bundle } from './calls-bundle'
import type {} from './passkey-page'
import { test } from './server'

const password = 'correct horse battery'

let code = ''

test.beforeAll(async () => {
  code = await bundle('passkey-page.ts')
})

/** A page of ours at an address, in a browser with an authenticator that is Chromium's own. */
async function open(browser: Browser, url: string): Promise<{ page: Page; cdp: CDPSession; authenticatorId: string }> {
  const page = await (await browser.newContext()).newPage()
  page.on('pageerror', (fault) => { throw fault })
  await page.route('**/passkey-page', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body><script type="module" src="/passkey-page.js"></script>' }))
  await page.route('**/passkey-page.js', (route) => route.fulfill({ contentType: 'text/javascript', body: code }))
  await page.goto(`${url}/passkey-page`)
  await page.waitForFunction(() => window.passkeyPage !== undefined)
  const cdp = await page.context().newCDPSession(page)
  return { page, cdp, authenticatorId: await addAuthenticator(cdp) }
}

async function addAuthenticator(cdp: CDPSession): Promise<string> {
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
  return authenticatorId
}

const signIn = (page: Page) => page.evaluate(() => window.passkeyPage.signIn())
const add = (page: Page) => page.evaluate((secret) => window.passkeyPage.add('Laptop', secret), password)

test('a passkey of the browser is added, signs in, and is refused once it is removed', async ({ browser, server }) => {
  const { page, cdp, authenticatorId } = await open(browser, server.url.replace('127.0.0.1', 'localhost'))
  const me = await page.evaluate((secret) => window.passkeyPage.enter(`ada${Date.now()}@example.org`, secret), password)

  const added = await add(page)
  expect(added).toMatchObject({ name: 'Laptop', lastUsedAtMs: null })
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
  expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: 'localhost', userHandle: Buffer.from(`${me}`).toString('base64') }])
  expect(await add(page), 'the account has one of this authenticator already').toBe('InvalidStateError')

  expect(await signIn(page)).toBe(me)
  expect(await signIn(page)).toBe(me)
  const [listed] = await page.evaluate(() => window.passkeyPage.passkeys.list())
  expect(listed?.lastUsedAtMs).toBeGreaterThan(0)

  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  expect(await signIn(page), 'the person did not show who they are').toBe('NotAllowedError')
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })

  await page.evaluate(([id, secret]) => window.passkeyPage.passkeys.remove(id, { password: secret }), [listed?.passkeyId ?? 0, password] as const)
  expect(await signIn(page)).toBe('passkey_refused')
  await page.context().close()
})

test('an address that is no domain gets no passkey', async ({ browser, server }) => {
  const { page } = await open(browser, server.url)

  expect(await signIn(page)).toBe('SecurityError')
  await page.context().close()
})

test('on the chat page a passkey is added, signs in, and is removed', async ({ browser, server }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  page.on('pageerror', (fault) => { throw fault })
  const cdp = await context.newCDPSession(page)
  await addAuthenticator(cdp)
  const chats = page.getByRole('heading', { name: 'Chats', exact: true })
  const chooseFromMenu = async (name: string) => {
    await page.getByRole('button', { name: 'Account and settings' }).click()
    await page.getByRole('menuitem', { name, exact: true }).click()
  }

  const openPasskeys = async () => {
    await chooseFromMenu('Settings')
    await page.getByRole('link', { name: 'Security' }).click()
  }
  const leave = async () => {
    await page.getByRole('link', { name: 'Back to chats' }).click()
    await chooseFromMenu('Sign out')
  }

  await page.goto(server.url.replace('127.0.0.1', 'localhost'))
  await page.getByLabel('E-mail or phone').fill('chloe@demo.example')
  await page.getByLabel('Password', { exact: true }).fill('demo-password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(chats).toBeVisible()

  await openPasskeys()
  const passkeys = page.getByRole('region', { name: 'Passkeys' })
  await expect(passkeys.getByText('You have none yet.')).toBeVisible()
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click()
  await passkeys.getByLabel('Name').fill('My laptop')
  await passkeys.getByLabel('Password', { exact: true }).fill('wrong password')
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(passkeys.getByRole('alert')).toContainText('not right')
  await passkeys.getByLabel('Password', { exact: true }).fill('demo-password')
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(passkeys.getByText('Added: Today. Not used yet.')).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await leave()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(chats).toBeVisible()

  // The notice of it leads to where it is.
  await page.locator('[data-tab=notices]').click()
  await page.locator('[data-notice=passkey_added]').getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'Passkeys' })).toBeFocused()
  await expect(page.getByRole('heading', { name: 'Passkeys' })).toBeInViewport()
  await expect(passkeys.getByText('Last used: Today')).toBeVisible()
  await passkeys.getByRole('button', { name: 'Remove My laptop' }).click()
  await passkeys.getByLabel('Password', { exact: true }).fill('demo-password')
  await passkeys.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(passkeys.getByText('You have none yet.')).toBeVisible()
  await leave()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(page.getByText('was removed from the account')).toBeVisible()
  await context.close()
})
