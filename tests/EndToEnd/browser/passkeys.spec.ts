import { type Browser, type CDPSession, expect, type Page } from '@playwright/test'
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
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
  return { page, cdp, authenticatorId }
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
