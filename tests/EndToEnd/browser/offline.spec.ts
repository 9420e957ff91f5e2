import { type BrowserContext, expect, type Page, type WebSocketRoute } from '@playwright/test'
import { enter, message, openChat, write } from './people'
import { test } from './server'

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

/** Texts of these as the page shows them, from top to bottom. */
async function order(page: Page, like: RegExp): Promise<string[]> {
  const texts = await page.getByRole('article').filter({ hasText: like }).allInnerTexts()
  return texts.map((text) => like.exec(text)?.[0] ?? '')
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

test('what was written offline survives a reload, and goes out once, in order', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  const line = await Line.of(a.context())
  await a.reload()
  await openChat(a, 'Ben')

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
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  const line = await Line.of(a.context())
  await a.reload()
  await openChat(a, 'Ben')
  const other = await a.context().newPage()
  await other.goto(a.url())
  await expect(other.getByPlaceholder('Write a message')).toBeVisible()

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

test('nothing unsent stays of who signed out, not even what another tab kept', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const line = await Line.of(a.context())
  await a.reload()
  await openChat(a, 'Ben')
  const other = await a.context().newPage()
  await other.goto(a.url())
  await expect(other.getByPlaceholder('Write a message')).toBeVisible()
  await line.cut()
  await write(other, 'of the other tab')
  await write(a, 'of this tab')
  await expect.poll(() => kept(a)).toBe(2)
  await a.context().route('**/api/auth/logout', (route) => route.abort())
  await a.getByRole('button', { name: 'Account and settings' }).click()
  await a.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  await expect(a.getByLabel('E-mail or phone')).toBeVisible()
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
  const a = await enter(browser, server, 'anna')
  const line = await Line.of(a.context())
  await a.reload()
  await openChat(a, 'Ben')
  await line.cut()
  await write(a, 'never mind')
  await expect.poll(() => kept(a)).toBe(1)
  await a.getByRole('button', { name: 'Account and settings' }).click()
  await a.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  await expect(a.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  await expect.poll(() => kept(a)).toBe(0)
  await a.context().close()
})
