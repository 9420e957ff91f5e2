import { type CDPSession, expect, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { enter, message, openChat } from './people'
import { test } from './server'

const tab = (page: Page) => page.locator('[data-tab=notices]')
const mentions = (page: Page) => page.locator('[data-notice=mention]')

/** With the page's service worker, installed. */
async function enterWithWorker(...[browser, server, name, options]: Parameters<typeof enter>): Promise<Page> {
  const page = await enter(browser, server, name, { ...options, serviceWorkers: 'allow' })
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  return page
}

async function mentionAnna(page: Page, text: string): Promise<void> {
  await page.getByPlaceholder('Write a message').pressSequentially('@An')
  await page.getByRole('option', { name: 'Anna' }).click()
  await page.getByPlaceholder('Write a message').pressSequentially(text)
  await page.getByPlaceholder('Write a message').press('Enter')
  await expect(message(page, text)).toBeVisible()
}

test('what happens to one is counted, listed, read on all devices, and leads to where it was', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const other = await enter(browser, server, 'anna', { colorScheme: 'dark', viewport: { width: 390, height: 800 } })
  const b = await enter(browser, server, 'ben')
  await tab(other).click()
  await expect(other.locator('[data-notice=sign_in]').first()).toContainText('signed in to your account')
  await expectAccessible(other)
  await other.locator('[data-notice=sign_in]').first().getByRole('link').click()
  await expect(other.getByRole('heading', { name: 'Other devices' })).toBeVisible()
  await other.goBack()
  for (const page of [a, other]) await expect(tab(page)).toHaveAccessibleName('Activity')
  await other.getByRole('link', { name: /^Chats/ }).click()

  await openChat(b, 'Weekend trip')
  await mentionAnna(b, 'have you seen the weather?')
  await expect(tab(a)).toHaveAccessibleName(/^Activity ?, 1 new$/)
  await expect(tab(other)).toHaveAccessibleName(/^Activity ?, 1 new$/)
  await tab(a).click()
  await expect(mentions(a)).toContainText(['Ben mentioned you in Weekend trip'])
  await expect(a.getByRole('heading', { name: 'Today' })).toBeVisible()
  await expect(mentions(a).getByText('New', { exact: true })).toHaveCount(1)
  await expectAccessible(a)
  for (const page of [a, other]) await expect(tab(page)).toHaveAccessibleName('Activity')

  // The list is open: what comes stands in it.
  await mentionAnna(b, 'and packed the tent?')
  await expect(mentions(a)).toHaveCount(2)
  await expect(mentions(a).first()).toContainText('and packed the tent?')
  await expect(tab(a)).toHaveAccessibleName('Activity')
  await tab(other).click()
  await expect(mentions(other)).toHaveCount(2)
  await expectAccessible(other)
  await mentions(a).last().getByRole('link').click()
  await expect(message(a, 'have you seen the weather?')).toBeVisible()
  await expect(a).toHaveURL(/\/chat\/\d+$/)
  for (const page of [a, other, b]) await page.context().close()
})

test('notices that cannot be loaded say so, and come when they can', async ({ browser, server }) => {
  const c = await enter(browser, server, 'chloe')
  await c.route(/\/api\/notices(\?|$)/, (route) => route.abort())
  await tab(c).click()
  await expect(c.getByText('Your activity could not be loaded.')).toBeVisible()
  await expectAccessible(c)
  await c.unroute(/\/api\/notices(\?|$)/)
  await c.getByRole('button', { name: 'Try again' }).click()
  await expect(c.locator('[data-notice=chat_added]').filter({ hasText: 'Anna added you to Weekend trip' })).toBeVisible()
  await c.context().close()
})

test('the page opens without a network, and goes on when it is back', async ({ browser, server }) => {
  const a = await enterWithWorker(browser, server, 'anna')
  await a.context().setOffline(true)
  await a.reload()
  await expect(a.getByRole('heading', { name: 'You are offline' })).toBeVisible()
  await expect(a.getByText('You are offline. Messages you write')).toBeVisible()
  await expectAccessible(a)
  await tab(a).click() // its code was not loaded before
  await expect(a.getByText('Your activity is shown when the connection is back.')).toBeVisible()
  await a.goto(`${server.url}/settings/appearance`)
  await expect(a.getByRole('heading', { name: 'Appearance' })).toBeVisible()
  expect(await a.evaluate(async () => (await fetch('/api/chats').catch(() => null)) === null)).toBe(true)
  const kept = await a.evaluate(async () => {
    const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))
    return all.flat().map(({ url }) => new URL(url).pathname)
  })
  expect(kept.length).toBeGreaterThan(100)
  expect(kept.filter((path) => /^\/(api|ws)|worker\.js/.test(path))).toEqual([])

  await a.context().setOffline(false)
  await a.goto(server.url)
  await expect(a.getByRole('link').filter({ hasText: 'Weekend trip' })).toBeVisible()
  await a.context().close()
})

test('a browser may install it', async ({ browser, server }) => {
  const a = await enterWithWorker(browser, server, 'anna')
  const cdp = await a.context().newCDPSession(a)
  const { errors, data } = await cdp.send('Page.getAppManifest')
  expect(errors).toEqual([])
  expect(JSON.parse(data ?? '')).toMatchObject({ name: 'Chat', start_url: '/', display: 'standalone' })
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors')
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([])
  await a.context().close()
})

/** Of the page's worker. */
async function registrationOf(cdp: CDPSession, origin: string): Promise<string> {
  const found = new Promise<string>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL, isDeleted }) => scopeURL === `${origin}/` && !isDeleted)
      if (own) resolve(own.registrationId)
    })
  })
  await cdp.send('ServiceWorker.enable')
  return found
}

/** Asked of the worker, so that no page need be open. */
const shown = (page: Page) =>
  page.context().serviceWorkers()[0]?.evaluate(async () => {
    const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration }
    return (await registration.getNotifications()).map(({ title, body, tag }) => `${title}|${body}|${tag.replace(/^\d+-/, '')}`).sort()
  })

/** The page is gone for the worker, too, which hears of it a moment later. */
async function leave(page: Page): Promise<void> {
  await page.goto('about:blank')
  await expect.poll(() => page.context().serviceWorkers()[0]?.evaluate(async () => {
    const { clients } = globalThis as unknown as { clients: { matchAll(options: object): Promise<unknown[]> } }
    return (await clients.matchAll({ type: 'window', includeUncontrolled: true })).length
  })).toBe(0)
}

async function turnOn(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/settings/notifications`)
  await page.getByRole('button', { name: 'Turn on notifications' }).click()
  await expect(page.getByRole('switch', { name: 'Notifications on this device' })).toBeEnabled()
}

/** As a push service brings it. */
async function pusher(page: Page, origin: string): Promise<(over?: object) => Promise<unknown>> {
  const cdp = await page.context().newCDPSession(page)
  const registrationId = await registrationOf(cdp, origin)
  const message = { v: 1, kind: 'message', chat: 1, sequence: 9, sender: { id: 2, name: 'Ben' }, text: 'Are you there?', count: 1, at: '2026-01-01T00:00:00Z' }
  return (over = {}) =>
    cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify({ ...message, ...over }) })
}

/** DevTools does not say whether the browser could start the worker for what it brings: it is brought until it is shown. */
const brought = <T>(bring: () => Promise<unknown>, look: () => T) =>
  expect.poll(async () => {
    await bring()
    return look()
  }, { intervals: [500, 1_000] })

test('what is pushed is shown as a notification, and not while somebody looks at the page', async ({ browser, server }) => {
  const a = await enterWithWorker(browser, server, 'anna', { permissions: ['notifications'] })
  await turnOn(a, server.url)
  const push = await pusher(a, server.url)
  // The worker asks the page that is seen whose it is; only then the page may go.
  const asked = await a.evaluateHandle(() => ({
    asked: new Promise<void>((done) => navigator.serviceWorker.addEventListener('message', ({ data }) => { if (data === 'whose?') done() })),
  }))
  await push()
  await asked.evaluate((held) => held.asked)
  await leave(a)
  await brought(async () => {
    await push({ chat: 2, chatName: 'Weekend trip', sequence: 4, mention: true, text: 'the map?' })
    await push({ chat: 3, kind: 'missed_call', call: 8, callKind: 'video' })
  }, () => shown(a)).toEqual(['Ben|Missed video call|call-8', 'Weekend trip|Ben mentioned you: the map?|chat-2'])
  await a.context().close()
})

test('who signed out is told of nothing, though the service did not hear of it', async ({ browser, server }) => {
  const a = await enterWithWorker(browser, server, 'anna', { permissions: ['notifications'] })
  await turnOn(a, server.url)
  const push = await pusher(a, server.url)
  await a.context().route('**/api/auth/logout', (route) => route.abort())
  await leave(a)
  await brought(() => push({ chat: 2, sequence: 9_999 }), () => shown(a)).toEqual(['Ben|Are you there?|chat-2'])
  await a.goto(server.url)
  await signOut(a)
  await expect.poll(() => shown(a)).toEqual([])
  await brought(() => push({ chat: 3 }), () => shown(a)).toEqual(['Chat|New message|unknown'])
  await a.context().close()
})

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  await expect(page.getByLabel('E-mail or phone')).toBeVisible()
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('E-mail or phone').fill(`${name}@demo.example`)
  await page.getByLabel('Password', { exact: true }).fill('demo-password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Chats', exact: true })).toBeVisible()
}

/** The keys of the notifications that are shown, the number of the account first. */
const owners = (page: Page) =>
  page.context().serviceWorkers()[0]?.evaluate(async () => {
    const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration }
    return (await registration.getNotifications()).map(({ tag }) => tag.split('-')[0]).sort()
  })

const ownerKept = (page: Page) => page.evaluate(async () => (await (await caches.open('chat-push-owner')).match('/push-owner'))?.text())

test('whoever signs in after another in the same browser is told of their own alone', async ({ browser, server }) => {
  const page = await enterWithWorker(browser, server, 'anna', { permissions: ['notifications'] })
  await turnOn(page, server.url)
  const anna = (await ownerKept(page)) ?? ''
  const push = await pusher(page, server.url)
  await leave(page)
  await brought(() => push({ chat: 2, sequence: 9_999 }), () => owners(page)).toEqual([anna])

  // Ben never asked for notifications here: nothing is shown as his, and nothing of hers is left.
  await page.goto(server.url)
  await signOut(page)
  await expect.poll(() => owners(page)).toEqual([])
  await signIn(page, 'ben')
  await expect.poll(() => ownerKept(page)).toBeUndefined()
  await turnOn(page, server.url)
  const ben = (await ownerKept(page)) ?? ''
  expect([ben, ben === anna]).toEqual([expect.stringMatching(/^\d+$/), false])
  await leave(page)
  await brought(() => push({ chat: 5, sequence: 9_999 }), () => owners(page)).toEqual([ben])

  // Anna had them before: she has them again when she signs in, and his are gone.
  await page.goto(server.url)
  await signOut(page)
  await expect.poll(() => owners(page)).toEqual([])
  await signIn(page, 'anna')
  await expect.poll(() => ownerKept(page)).toBe(anna)
  await leave(page)
  await brought(() => push({ chat: 2, sequence: 10_001 }), () => owners(page)).toEqual([anna])
  await page.context().close()
})

test('notifications speak the language of the page', async ({ browser, server }) => {
  const a = await enterWithWorker(browser, server, 'anna', { permissions: ['notifications'] })
  await turnOn(a, server.url)
  const push = await pusher(a, server.url)
  await a.goto(`${server.url}/settings/appearance`)
  await a.getByRole('combobox', { name: 'Language' }).selectOption('ar')
  await expect(a.locator('html')).toHaveAttribute('lang', 'ar')
  await expect.poll(() => a.evaluate(async () => (await (await caches.open('chat-push-owner')).match('/push-language'))?.text())).toBe('ar')
  await leave(a)
  await brought(async () => {
    await push({ chat: 2, sequence: 4, mention: true, text: undefined })
    await push({ chat: 3, kind: 'missed_call', call: 8, callKind: 'video' })
  }, () => shown(a)).toEqual(['Ben|أشار إليك \u2068Ben\u2069|chat-2', 'Ben|مكالمة فيديو فائتة|call-8'])
  await a.context().close()
})

test('notifications are asked for from the settings, and say what they may', async ({ browser, server }) => {
  const a = await enterWithWorker(browser, server, 'anna', { permissions: ['notifications'] })
  await a.getByRole('link').filter({ has: a.getByText('Weekend trip', { exact: true }) }).press('Shift+F10')
  await a.getByRole('menuitem', { name: 'Mute for 8 hours' }).press('Enter')
  await expect(a.getByRole('link').filter({ hasText: 'Weekend trip' }).getByRole('img', { name: 'Muted' })).toBeVisible()
  await a.goto(`${server.url}/settings/notifications`)
  await expect(a.getByRole('button', { name: 'Turn on notifications' })).toBeVisible()
  await a.getByRole('button', { name: 'Unmute Weekend trip' }).click()
  await expect(a.getByText('No chat is muted.')).toBeVisible()
  await a.getByRole('button', { name: 'Turn on notifications' }).click()
  await expect(a.getByRole('switch', { name: 'Notifications on this device' })).toBeChecked()
  await a.getByLabel('Only who wrote').check()
  await expectAccessible(a)
  await a.getByRole('switch', { name: /^A sound for new messages/ }).uncheck()
  await a.reload()
  await expect(a.getByLabel('Only who wrote')).toBeChecked()
  await expect(a.getByRole('switch', { name: /^A sound for new messages/ })).not.toBeChecked()
  await a.route('**/api/push', (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()))
  await a.getByRole('switch', { name: 'Notifications on this device' }).uncheck() // which needs no service
  await expect(a.getByRole('button', { name: 'Turn on notifications' })).toBeVisible()
  await expectAccessible(a)
  await a.context().close()
})
