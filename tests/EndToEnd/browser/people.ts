import { type Browser, type BrowserContextOptions, expect, type Page } from '@playwright/test'
import { createPeople, memoryStore } from '../../../clients/ts-sdk/src/index.js'
import { demoSession } from './sdk-people'
import type { ChatServer } from './server'

/** Where the page finds the session of somebody who signed in before; signing in by its screen, which other tests do, takes half a second more. */
export async function signedIn(server: ChatServer, name: string): Promise<BrowserContextOptions['storageState']> {
  const store = memoryStore()
  await demoSession(server, name, 'Web · Chrome', store)
  const localStorage = [
    { name: `chat.session.${name}`, value: JSON.stringify(await store.load()) },
    { name: 'chat.lastSlot', value: name },
  ]
  return { cookies: [], origins: [{ origin: server.url, localStorage }] }
}

/** One of the demo's people, signed in, in a browser of their own. A fault of the page, or of its Content Security Policy, fails the test at the end. */
export async function enter(browser: Browser, server: ChatServer, name: string, options: BrowserContextOptions = {}): Promise<Page> {
  // What fades in would be judged by axe half faded. Without a worker a test sees, and may answer, all that the page asks for.
  const storageState = await signedIn(server, name)
  const page = await (await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block', storageState, ...options })).newPage()
  const faults: string[] = []
  page.on('pageerror', (fault) => faults.push(fault.message))
  page.on('console', (line) => { if (/Content Security Policy/.test(line.text())) faults.push(line.text()) })
  page.on('close', () => expect(faults).toEqual([]))
  await page.goto(server.url)
  await expect(page.getByRole('heading', { name: 'Chats', exact: true })).toBeVisible()
  return page
}

export async function openChat(page: Page, name: string): Promise<void> {
  await page.getByRole('link').filter({ has: page.getByText(name, { exact: true }) }).first().click()
  await expect(page.getByPlaceholder('Write a message')).toBeVisible()
}

export async function write(page: Page, text: string): Promise<void> {
  await page.getByPlaceholder('Write a message').fill(text)
  await page.getByPlaceholder('Write a message').press('Enter')
}

export function message(page: Page, text: string) {
  return page.getByRole('article').filter({ hasText: text })
}

/** Texts of these messages as the page shows them, from top to bottom. */
export async function order(page: Page, like: RegExp): Promise<string[]> {
  const texts = await page.getByRole('article').filter({ hasText: like }).allInnerTexts()
  return texts.map((text) => like.exec(text)?.[0] ?? '')
}

/** Another tab of the same browser at the same chat. */
export async function otherTab(page: Page): Promise<Page> {
  const other = await page.context().newPage()
  await other.goto(page.url())
  await expect(other.getByPlaceholder('Write a message')).toBeVisible()
  return other
}

/** A picture as a camera would give it: made by the browser, so that the server and the other browser read it. */
export async function picture(page: Page, name: string, colour: string) {
  const bytes = await page.evaluate(async (fill) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 900, height: 600 })
    const brush = canvas.getContext('2d')
    if (!brush) throw new Error('no canvas')
    brush.fillStyle = fill
    brush.fillRect(0, 0, 900, 600)
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))]
  }, colour)
  return { name, mimeType: 'image/png', buffer: Buffer.from(bytes) }
}

/** Two of the demo's people keep each other as contacts from now on. */
export async function befriend(server: ChatServer, one: string, other: string): Promise<void> {
  const [first, second] = await Promise.all([demoSession(server, one, 'contacts'), demoSession(server, other, 'contacts')])
  for (const [me, them] of [[first, second], [second, first]] as const) {
    await createPeople({ url: server.url, token: (why) => me.token(why) }).putContact(them.principalId)
  }
}
