import { type Browser, expect, type Page } from '@playwright/test'
import type {} from './call-page'
import { bundle } from './calls-bundle'
import { type ChatServer, test } from './server'

const password = 'demo-password'

let code = ''

test.beforeAll(async () => {
  code = await bundle()
})

async function enter(browser: Browser, server: ChatServer, name: string): Promise<Page> {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] })
  const page = await context.newPage()
  page.on('pageerror', (fault) => { throw fault })
  await page.route('**/call-page', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><body><script type="module" src="/call-page.js"></script>` }))
  await page.route('**/call-page.js', (route) => route.fulfill({ contentType: 'text/javascript', body: code }))
  await page.goto(`${server.url}/call-page`)
  await page.waitForFunction(() => window.page !== undefined)
  await page.evaluate(([login, secret]) => window.page.enter(login, secret), [`${name}@demo.example`, password] as const)
  return page
}

async function expectMedia(page: Page, video: boolean): Promise<void> {
  await expect.poll(() => page.evaluate(() => window.page.received().then(({ samples }) => samples)), { timeout: 30_000 }).toBeGreaterThan(0)
  if (!video) return
  await expect.poll(() => page.evaluate(() => window.page.received().then(({ frames }) => frames)), { timeout: 30_000 }).toBeGreaterThan(10)
  const before = await page.evaluate(() => window.page.received())
  await expect.poll(() => page.evaluate(() => window.page.received().then(({ seconds }) => seconds))).toBeGreaterThan(before.seconds)
}

const told = (page: Page) => page.evaluate(() => window.page.told)
const rings = (page: Page) => page.evaluate(() => window.page.ringing !== null)
const history = (page: Page) =>
  page.evaluate(() => window.page.calls.history({ limit: 1 }).then(({ calls: [last] }) => [last?.kind, last?.status, last?.outgoing, last?.part]))

test('two people call by video, see and hear each other, and hang up', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')

  await a.evaluate(() => window.page.start('Ben', 'video'))
  await expect.poll(() => rings(b)).toBe(true)
  await b.evaluate(() => window.page.answer())
  await expectMedia(a, true)
  await expectMedia(b, true)

  await b.evaluate(() => window.page.peer?.end())
  await expect.poll(() => told(a)).toEqual(['ended ended'])
  await expect.poll(() => told(b)).toEqual(['ended ended'])
  expect(await history(a)).toEqual(['video', 'ended', true, 'left'])
  expect(await history(b)).toEqual(['video', 'ended', false, 'left'])
  await a.context().close()
  await b.context().close()
})

test('a lost offer is mended before one would have given up waiting for it; another device stops ringing', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  const second = await enter(browser, server, 'ben')
  for (const page of [a, b]) await page.evaluate(() => { window.page.patience = 10 })

  // The first signal of the caller is lost: the next one shows the hole.
  await a.evaluate(() => {
    const { wire } = window.page.client
    const call = wire.call.bind(wire)
    let lost = false
    wire.call = (kind, value, reply) => {
      if (kind.type !== 18 || lost) return call(kind, value, reply)
      lost = true
      return Promise.resolve({}) as never
    }
  })
  await b.evaluate(() => {
    const { wire } = window.page.client
    const call = wire.call.bind(wire)
    wire.call = (kind, value, reply) => {
      if (kind.type === 18 && (value as unknown as { kind: number }).kind === 4) window.page.told.push('asked for a restart')
      return call(kind, value, reply)
    }
  })
  await a.evaluate(() => window.page.start('Ben', 'voice'))
  await expect.poll(() => rings(second)).toBe(true)
  await expect.poll(() => rings(b)).toBe(true)
  await b.evaluate(() => window.page.answer())
  await expect.poll(() => told(b)).toContain('asked for a restart')
  await expectMedia(a, false)
  await expectMedia(b, false)
  await expect.poll(() => told(second)).toEqual(['stopped answered_elsewhere'])

  await a.evaluate(() => window.page.peer?.end())
  await expect.poll(() => told(b)).toContain('ended ended')
  for (const page of [a, b, second]) await page.context().close()
})

test('one who declines, and one who does not answer before the caller hangs up', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')

  await a.evaluate(() => window.page.start('Ben', 'voice'))
  await expect.poll(() => rings(b)).toBe(true)
  await b.evaluate(() => window.page.calls.decline(window.page.ringing?.callId ?? 0))
  await expect.poll(() => told(a)).toEqual(['ended declined'])

  await a.evaluate(() => window.page.start('Ben', 'voice'))
  await expect.poll(() => rings(b)).toBe(true)
  await a.evaluate(() => window.page.peer?.end())
  await expect.poll(() => told(b)).toEqual(['stopped declined', 'stopped missed', 'missed'])
  expect(await history(b)).toEqual(['voice', 'missed', false, 'missed'])
  await a.context().close()
  await b.context().close()
})
