import { type BrowserContext, expect, type Page, type WebSocket } from '@playwright/test'
import { enter, message, openChat, order, otherTab, write } from './people'
import { test } from './server'

/** The connections of the pages of a context, as the browser tells them. */
class Sockets {
  readonly #open = new Map<Page, Set<WebSocket>>()

  constructor(context: BrowserContext) {
    for (const page of context.pages()) this.#follow(page)
    context.on('page', (page) => this.#follow(page))
  }

  of(page: Page): number {
    return this.#open.get(page)?.size ?? 0
  }

  get count(): number {
    return [...this.#open.values()].reduce((sum, open) => sum + open.size, 0)
  }

  #follow(page: Page): void {
    const open = new Set<WebSocket>()
    this.#open.set(page, open)
    page.on('websocket', (socket) => {
      if (!socket.url().endsWith('/ws')) return
      open.add(socket)
      socket.on('close', () => { open.delete(socket) })
    })
    // What ends with its page, or with its document, need not be told. A document may open a socket while the next one is asked for already.
    for (const end of ['close', 'crash'] as const) page.on(end, () => open.clear())
    let loads = false
    page.on('request', (request) => { loads ||= request.isNavigationRequest() && request.frame() === page.mainFrame() })
    page.on('framenavigated', (frame) => {
      if (!loads || frame !== page.mainFrame()) return
      loads = false
      open.clear()
    })
  }
}

interface Tabs { one: Page; two: Page; sockets: Sockets }

/** Two tabs of Anna's, the first of which leads, and the chat with Ben open in both. */
async function twoTabs(first: Page): Promise<Tabs> {
  const sockets = new Sockets(first.context())
  await first.reload() // from here on its sockets are seen
  await openChat(first, 'Ben')
  await expect.poll(() => sockets.of(first)).toBe(1)
  const two = await otherTab(first)
  await expect(two.getByRole('article').first()).toBeVisible()
  return { one: first, two, sockets }
}

const numbered = (words: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${words} ${i}`)

test('two tabs hold one connection, and both show what comes and what either sends', async ({ browser, server }) => {
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  const { one, two, sockets } = await twoTabs(await enter(browser, server, 'anna'))
  expect([sockets.of(one), sockets.of(two)]).toEqual([1, 0])

  await write(one, 'of the first tab')
  await expect(message(two, 'of the first tab')).toBeVisible()
  await write(two, 'of the second tab')
  await expect(message(one, 'of the second tab')).toBeVisible()
  await write(b, 'for both tabs')
  for (const page of [one, two]) await expect(message(page, 'for both tabs')).toBeVisible()
  await expect.poll(() => order(b, /of the (first|second) tab/)).toEqual(['of the first tab', 'of the second tab'])
  await expect(message(two, 'of the second tab').getByText(/Delivered|Read/)).toBeAttached()
  expect([sockets.of(one), sockets.of(two)]).toEqual([1, 0])
  await one.context().close()
  await b.context().close()
})

test('what is written while the tab that leads is closed comes once, in order, and soon', async ({ browser, server }) => {
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  const { one, two, sockets } = await twoTabs(await enter(browser, server, 'anna'))
  const texts = numbered('over the change', 8)
  for (const text of texts.slice(0, 4)) await write(two, text)
  const closing = one.close()
  for (const text of texts.slice(4)) await write(two, text)
  await closing
  const closedAt = Date.now()
  await expect(message(b, 'over the change 7')).toBeVisible({ timeout: 5_000 })
  console.info(`the last message was there ${Date.now() - closedAt} ms after the leading tab was closed`)
  await expect.poll(() => order(b, /over the change \d/)).toEqual(texts)
  await expect.poll(() => order(two, /over the change \d/)).toEqual(texts)
  expect([sockets.of(two), sockets.count]).toEqual([1, 1])
  await two.context().close()
  await b.context().close()
})

test('a tab that leads and crashes is followed by the other one', async ({ browser, server }) => {
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  const { one, two, sockets } = await twoTabs(await enter(browser, server, 'anna'))
  const crashed = one.waitForEvent('crash')
  const devtools = await one.context().newCDPSession(one)
  devtools.send('Page.crash').catch(() => undefined) // nobody is left to answer
  await crashed
  await write(two, 'after the crash')
  await expect(message(b, 'after the crash')).toBeVisible({ timeout: 5_000 })
  await write(b, 'heard after the crash')
  await expect(message(two, 'heard after the crash')).toBeVisible()
  expect(sockets.of(two)).toBe(1)
  await two.context().close()
  await b.context().close()
})

test('a tab that leads and does not run is replaced, and follows once it runs again', async ({ browser, server }) => {
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  const { one, two, sockets } = await twoTabs(await enter(browser, server, 'anna'))
  const devtools = await one.context().newCDPSession(one)
  // Nothing of it runs, as where the browser froze it; what DevTools calls frozen still hears its channel.
  const paused = new Promise((resolve) => devtools.once('Debugger.paused', resolve))
  await devtools.send('Debugger.enable')
  await devtools.send('Debugger.pause')
  const waking = one.evaluate(() => document.title)
  await paused
  await write(two, 'while it is frozen')
  await expect(message(b, 'while it is frozen')).toBeVisible({ timeout: 20_000 })
  expect(sockets.of(two)).toBe(1)
  await devtools.send('Debugger.disable')
  await waking
  await expect(message(one, 'while it is frozen')).toBeVisible({ timeout: 20_000 })
  await expect.poll(() => [sockets.of(one), sockets.of(two)], { timeout: 20_000 }).toEqual([0, 1])
  await write(one, 'running again')
  await expect(message(b, 'running again')).toBeVisible()
  expect(await order(b, /while it is frozen|running again/)).toEqual(['while it is frozen', 'running again'])
  await one.context().close()
  await b.context().close()
})

test('both tabs are loaded anew at once and hold one connection again', async ({ browser, server }) => {
  const b = await enter(browser, server, 'ben')
  await openChat(b, 'Anna')
  const { one, two, sockets } = await twoTabs(await enter(browser, server, 'anna'))
  await Promise.all([one.reload(), two.reload()])
  for (const page of [one, two]) await expect(page.getByPlaceholder('Write a message')).toBeVisible()
  await write(b, 'after the reload')
  for (const page of [one, two]) await expect(message(page, 'after the reload')).toBeVisible()
  await expect.poll(() => sockets.count).toBe(1)
  await one.context().close()
  await b.context().close()
})

for (const network of ['with', 'without'] as const) {
  test(`a sign-out in one tab is one in all, ${network} the service`, async ({ browser, server }) => {
    const { one, two, sockets } = await twoTabs(await enter(browser, server, 'anna'))
    if (network === 'without') await two.context().route('**/api/auth/logout', (route) => route.abort())
    await two.getByRole('button', { name: 'Account and settings' }).click()
    await two.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
    for (const page of [one, two]) await expect(page.getByLabel('E-mail or phone')).toBeVisible()
    await expect.poll(() => sockets.count).toBe(0)
    await one.context().close()
  })
}

test('two people in one browser have a connection each', async ({ browser, server }) => {
  const one = await enter(browser, server, 'anna')
  const sockets = new Sockets(one.context())
  await one.reload()
  await openChat(one, 'Ben')
  const other = await one.context().newPage()
  await other.goto(server.url)
  await other.evaluate(() => { sessionStorage.clear(); localStorage.removeItem('chat.lastSlot') })
  await other.reload()
  await other.getByLabel('E-mail or phone').fill('ben@demo.example')
  await other.getByLabel('Password', { exact: true }).fill('demo-password')
  await other.getByRole('button', { name: 'Sign in', exact: true }).click()
  await openChat(other, 'Anna')
  await write(other, 'from the other person')
  await expect(message(one, 'from the other person')).toBeVisible()
  expect([sockets.of(one), sockets.of(other)]).toEqual([1, 1])
  await one.context().close()
})

test('where the browser has no locks, each tab has its own connection', async ({ browser, server }) => {
  const first = await enter(browser, server, 'anna')
  await first.context().addInitScript(() => { Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }) })
  const { one, two, sockets } = await twoTabs(first)
  await write(two, 'without locks')
  await expect(message(one, 'without locks')).toBeVisible()
  expect([sockets.of(one), sockets.of(two)]).toEqual([1, 1])
  await one.context().close()
})
