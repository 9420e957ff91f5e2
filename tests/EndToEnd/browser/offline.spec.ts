import { type Browser, type BrowserContext, expect, type Page, type WebSocketRoute } from '@playwright/test'
import { expectAccessible } from './accessible'
import { enter, message, openChat, order, otherTab, write } from './people'
import { type ChatServer, test } from './server'

/** A line of the page's own that can be cut: the page is served all the same. */
class Line {
  private isCut = false
  private readonly sockets = new Set<WebSocketRoute>()

  static async of(context: BrowserContext): Promise<Line> {
    const line = new Line()
    await context.routeWebSocket(/\/ws$/, async (socket) => {
      if (line.isCut) return socket.close({ code: 4000 })
      line.sockets.add(socket)
      socket.connectToServer()
    })
    return line
  }

  async cut(): Promise<void> {
    this.isCut = true
    for (const socket of this.sockets) await socket.close({ code: 4000 })
    this.sockets.clear()
  }

  async mend(page: Page): Promise<void> {
    this.isCut = false
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
  }
}

/** How many messages the browser keeps for later. */
function kept(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('chat-outbox', 1)
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const count = opening.result.transaction('messages').objectStore('messages').count()
          count.onsuccess = () => {
            opening.result.close()
            resolve(count.result)
          }
        }
      }),
  )
}

/** Somebody at a chat, over a line that can be cut. */
async function enterOnLine(browser: Browser, server: ChatServer, name: string, chat: string): Promise<{ page: Page; line: Line }> {
  const page = await enter(browser, server, name)
  const line = await Line.of(page.context())
  await page.reload() // from here on its sockets are on the line
  await openChat(page, chat)
  return { page, line }
}

test('what was written offline survives a reload, and goes out once, in order', async ({ browser, server }) => {
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  const { page: a, line } = await enterOnLine(browser, server, 'anna', 'Ben')

  await line.cut()
  for (const text of ['kept one', 'kept two', 'kept three']) await write(a, text)
  await expect(message(a, 'kept three')).toBeVisible()
  await expect.poll(() => kept(a)).toBe(3)
  await a.reload()
  await line.mend(a)

  await expect(message(b, 'kept three')).toBeVisible({ timeout: 30_000 })
  expect(await order(b, /kept (one|two|three)/)).toEqual(['kept one', 'kept two', 'kept three'])
  await expect(message(a, 'kept three').getByText(/Sent|Delivered|Read/)).toBeAttached()
  expect(await order(a, /kept (one|two|three)/)).toEqual(['kept one', 'kept two', 'kept three'])
  await expect.poll(() => kept(a)).toBe(0)
  await a.context().close()
  await b.context().close()
})

test('of two tabs the one that stays sends what the other leaves', async ({ browser, server }) => {
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  const { page: a, line } = await enterOnLine(browser, server, 'anna', 'Ben')
  const other = await otherTab(a)

  await line.cut()
  await write(other, 'left behind')
  await write(a, 'of this tab')
  await expect.poll(() => kept(a)).toBe(2)
  await expect(message(a, 'left behind')).toHaveCount(0)
  await other.close()
  await expect(message(a, 'left behind')).toBeVisible()
  await line.mend(a)

  await expect(message(b, 'left behind')).toBeVisible({ timeout: 30_000 })
  await expect(message(b, 'of this tab')).toHaveCount(1)
  await expect(message(b, 'left behind')).toHaveCount(1)
  await expect.poll(() => kept(a)).toBe(0)
  await a.context().close()
  await b.context().close()
})

/** From the menu; what is unsent is lost then, which one is asked about. */
async function signOut(page: Page, isAsked: boolean): Promise<void> {
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  if (isAsked) await page.getByRole('dialog', { name: 'Sign out with unsent messages?' }).getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByLabel('E-mail or phone')).toBeVisible()
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('E-mail or phone').fill(`${name}@demo.example`)
  await page.getByLabel('Password', { exact: true }).fill('demo-password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Chats', exact: true })).toBeVisible()
}

/** As another device of theirs does it. */
async function signOutEverywhere(url: string, name: string): Promise<void> {
  const post = (path: string, body: object, token?: string) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
  const signedIn = await post('/api/auth/login', { login: `${name}@demo.example`, password: 'demo-password', deviceName: 'other' })
  const { data } = (await signedIn.json()) as { data: { token: string } }
  expect((await post('/api/auth/logout-everywhere', {}, data.token)).ok).toBe(true)
}

test('what waits of somebody who was signed out elsewhere stays until they are back, and goes out then', async ({ browser, server }) => {
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Weekend trip')
  const { page: c, line } = await enterOnLine(browser, server, 'chloe', 'Weekend trip')
  await line.cut()
  for (const text of ['waits one', 'waits two']) await write(c, text)
  await expect.poll(() => kept(c)).toBe(2)
  await signOutEverywhere(server.url, 'chloe')
  await line.mend(c)
  const banner = c.getByRole('status').filter({ hasText: 'was ended' })
  await expect(banner).toContainText('2 unsent messages are kept until you sign in again.', { timeout: 30_000 })
  await expectAccessible(c)
  await banner.getByRole('button', { name: 'Sign in again' }).click()
  const notice = c.locator('[data-unsent]')
  await expect(notice).toContainText('2 messages of Chloé were not sent yet.')
  await expectAccessible(c)
  await c.reload()
  await expect(notice).toBeVisible()

  // Somebody else signs in and out: it is not theirs, and stays.
  await signIn(c, 'anna')
  await signOut(c, false)
  await expect(notice).toContainText('2 messages of Chloé')
  expect(await kept(c)).toBe(2)
  await expect(message(b, 'waits')).toHaveCount(0)

  await signIn(c, 'chloe')
  await expect(message(b, 'waits two')).toBeVisible({ timeout: 30_000 })
  expect(await order(b, /waits (one|two)/)).toEqual(['waits one', 'waits two'])
  await expect.poll(() => kept(c)).toBe(0)
  await signOut(c, false)
  await expect(notice).toHaveCount(0)
  await b.context().close()
  await c.context().close()
})

test('whoever does not sign out after all loses nothing', async ({ browser, server }) => {
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  const { page: a, line } = await enterOnLine(browser, server, 'anna', 'Ben')
  await line.cut()
  await write(a, 'not lost')
  await expect.poll(() => kept(a)).toBe(1)
  await a.getByRole('button', { name: 'Account and settings' }).click()
  await a.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  const question = a.getByRole('dialog', { name: 'Sign out with unsent messages?' })
  await expect(question).toContainText('A message was not sent yet. It is lost when you sign out.')
  await expectAccessible(a)
  await question.getByRole('button', { name: 'Cancel' }).click()
  await line.mend(a)
  await expect(message(b, 'not lost')).toBeVisible({ timeout: 30_000 })
  await a.context().close()
  await b.context().close()
})

test('nothing unsent stays of who signed out, not even what another tab kept', async ({ browser, server }) => {
  const { page: a, line } = await enterOnLine(browser, server, 'anna', 'Ben')
  const other = await otherTab(a)
  await line.cut()
  await write(other, 'of the other tab')
  await write(a, 'of this tab')
  await expect.poll(() => kept(a)).toBe(2)
  await a.context().route('**/api/auth/logout', (route) => route.abort())
  await signOut(a, true)
  await expect.poll(() => kept(a)).toBe(0)
  await a.context().close()
})

test('a server that is killed while messages are on their way gets each of them once', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await openChat(b, 'Anna')

  const texts = Array.from({ length: 8 }, (_, i) => `burst ${i}`)
  for (const text of texts.slice(0, 4)) await write(a, text)
  await server.kill()
  for (const text of texts.slice(4)) await write(a, text)
  await server.restart()
  await a.reload()

  await expect(message(b, 'burst 7')).toBeVisible({ timeout: 30_000 })
  await expect.poll(() => order(b, /burst \d/)).toEqual(texts)
  await expect.poll(() => order(a, /burst \d/)).toEqual(texts)
  await a.context().close()
  await b.context().close()
})

test('who signs out leaves nothing behind', async ({ browser, server }) => {
  const { page: a, line } = await enterOnLine(browser, server, 'anna', 'Ben')
  await line.cut()
  await write(a, 'never mind')
  await expect.poll(() => kept(a)).toBe(1)
  await signOut(a, true)
  await expect.poll(() => kept(a)).toBe(0)
  await a.context().close()
})
