import { type Browser, expect, type Page } from '@playwright/test'
import { createGroups } from '../../../clients/ts-sdk/src/index.js'
import { expectAccessible } from './accessible'
import { enter as signIn, openChat } from './people'
import { demoSession, newcomer } from './sdk-people'
import { type ChatServer, test } from './server'

// Calls of more than two, as people make them on the chat page: a connection between each two of them.

const enter = (browser: Browser, server: ChatServer, name: string, options: Parameters<typeof signIn>[3] = {}) =>
  signIn(browser, server, name, { permissions: ['camera', 'microphone'], ...options })
const rings = (page: Page) => page.getByRole('alertdialog', { name: /call from/ })
const screen = (page: Page) => page.getByRole('dialog', { name: /^Call with/ })

/** So many others are there, the voice of each plays, and with pictures each of these moves. */
async function expectTheOthers(page: Page, names: readonly string[], pictures: boolean): Promise<void> {
  await expect(screen(page)).toHaveAttribute('data-phase', 'talking', { timeout: 30_000 })
  const voices = page.locator('[data-voice-of]')
  await expect(voices).toHaveCount(names.length, { timeout: 30_000 })
  const times = () => voices.evaluateAll((all) => all.map((one) => (one as HTMLMediaElement).currentTime))
  const before = await times()
  await expect.poll(async () => (await times()).every((time, i) => time > (before[i] ?? 0)), { timeout: 30_000 }).toBe(true)
  for (const name of names) {
    const video = screen(page).locator(`video[aria-label="Picture of ${name}"]`)
    if (!pictures) await expect(screen(page).locator('[data-tile]').getByText(name, { exact: true }).first()).toBeVisible()
    else await expect.poll(() => video.evaluate((element) => (element as HTMLVideoElement).videoWidth), { timeout: 30_000 }).toBeGreaterThan(0)
  }
  await expect(screen(page).getByText('Connecting…')).toHaveCount(0, { timeout: 30_000 })
}

/** No tile stands outside of the screen, or in another one's place. */
async function expectApart(page: Page): Promise<void> {
  const boxes = await screen(page).locator('[data-others] > [data-tile]').evaluateAll((tiles) => tiles.map((tile) => tile.getBoundingClientRect().toJSON()))
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  for (const [i, one] of boxes.entries()) {
    expect(one.left >= 0 && one.top >= 0 && one.right <= width && one.bottom <= height && one.width > 100 && one.height > 100).toBe(true)
    for (const other of boxes.slice(i + 1))
      expect(one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top).toBe(true)
  }
}

test('three see and hear each other in a group’s video call; one leaves, comes back, and the call goes on without who began it', async ({ browser, server }) => {
  test.setTimeout(180_000)
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben', { colorScheme: 'dark' })
  const c = await enter(browser, server, 'chloe', { viewport: { width: 390, height: 844 } })
  for (const page of [a, b]) await openChat(page, 'Weekend trip')
  await a.getByRole('button', { name: 'Video call' }).click()
  for (const page of [b, c]) await expect(rings(page)).toContainText('in Weekend trip')
  await expectAccessible(c)
  await rings(b).getByRole('button', { name: 'Accept with camera' }).click()
  await expectTheOthers(a, ['Ben'], true)
  await expect(rings(c)).toBeVisible() // it rings on for who has not answered
  await rings(c).getByRole('button', { name: 'Accept with camera' }).click()
  await expectTheOthers(a, ['Ben', 'Chloé'], true)
  await expectTheOthers(b, ['Anna', 'Chloé'], true)
  await expectTheOthers(c, ['Anna', 'Ben'], true)
  for (const page of [a, c]) {
    await expectApart(page)
    await expectAccessible(page)
  }

  // What one turns off is off for both others.
  await screen(b).getByRole('button', { name: 'Camera off' }).click()
  await expect(screen(b).getByRole('button', { name: 'Camera off' })).toHaveAttribute('aria-pressed', 'true')

  await screen(b).getByRole('button', { name: 'Hang up' }).click()
  await expect(screen(b)).toBeHidden()
  await expectTheOthers(a, ['Chloé'], true)
  await expectTheOthers(c, ['Anna'], true)
  await b.getByRole('button', { name: 'Video call' }).click() // the call that is live
  await expectTheOthers(b, ['Anna', 'Chloé'], true)
  await expectTheOthers(a, ['Ben', 'Chloé'], true)
  await expectTheOthers(c, ['Anna', 'Ben'], true)
  for (const page of [a, b, c]) await expect(rings(page)).toHaveCount(0)

  await screen(a).getByRole('button', { name: 'Hang up' }).click()
  await expect(screen(a)).toBeHidden()
  await expectTheOthers(b, ['Chloé'], true)
  await screen(c).getByRole('button', { name: 'Hang up' }).click()
  await expect(screen(b)).toBeHidden()
  await expect(a.getByText(/Video call, \d:\d\d/).last()).toBeVisible()
  for (const page of [a, b, c]) await page.context().close()
})

test('a group’s voice call: one declines, the others talk, and who declined comes later', async ({ browser, server }) => {
  test.setTimeout(180_000)
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  const c = await enter(browser, server, 'chloe')
  for (const page of [a, b, c]) await openChat(page, 'Weekend trip')
  await b.getByRole('button', { name: 'Voice call' }).click()
  await expect(screen(b).getByText('Ringing…')).toBeVisible()
  await rings(a).getByRole('button', { name: 'Decline' }).click()
  await expect(rings(a)).toHaveCount(0)
  await expect(screen(b).getByText('Ringing…')).toBeVisible() // one who declines ends no call of three
  await rings(c).getByRole('button', { name: 'Accept' }).click()
  await expectTheOthers(b, ['Chloé'], false)
  await expectTheOthers(c, ['Ben'], false)

  await a.getByRole('button', { name: 'Voice call' }).click()
  await expectTheOthers(a, ['Ben', 'Chloé'], false)
  await expectTheOthers(b, ['Anna', 'Chloé'], false)
  await expectTheOthers(c, ['Anna', 'Ben'], false)
  await expectApart(a)
  await expectAccessible(a)
  await screen(a).getByRole('button', { name: 'Microphone off' }).click()
  await expect(screen(a).getByRole('button', { name: 'Microphone off' })).toHaveAttribute('aria-pressed', 'true')

  // Small in a bar, it goes on; a tab that is closed leaves it.
  await c.keyboard.press('Escape')
  await expect(c.getByRole('region', { name: 'Call with Weekend trip' })).toBeVisible()
  await c.getByRole('button', { name: 'Back to the call' }).click()
  await expectTheOthers(c, ['Anna', 'Ben'], false)
  await b.context().close()
  await expectTheOthers(a, ['Chloé'], false)
  await screen(c).getByRole('button', { name: 'Hang up' }).click()
  await expect(screen(a)).toBeHidden()
  for (const page of [a, c]) await page.context().close()
})

test('four see and hear each other, as many as a call may have', async ({ browser, server }) => {
  test.setTimeout(180_000)
  const dora = await newcomer(server, 'Dora', 'dora')
  const names = ['Anna', 'Ben', 'Chloé', 'Dora']
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben', { viewport: { width: 390, height: 844 } })
  const c = await enter(browser, server, 'chloe')
  const d = await enter(browser, server, 'dora', { viewport: { width: 844, height: 390 } })
  const ids = await Promise.all(['anna', 'ben', 'chloe'].map(async (name) => (await demoSession(server, name, 'group')).principalId))
  await createGroups(dora.client).create('Quartet', ids)
  await openChat(a, 'Quartet')
  await a.getByRole('button', { name: 'Video call' }).click()
  for (const page of [b, c, d]) await rings(page).getByRole('button', { name: 'Accept with camera' }).click()
  for (const [i, page] of [a, b, c, d].entries()) {
    await expectTheOthers(page, names.filter((_, other) => other !== i), true)
    await expectApart(page)
  }
  await expectAccessible(b)
  await screen(d).getByRole('button', { name: 'Hang up' }).click()
  await expectTheOthers(a, ['Ben', 'Chloé'], true)
  await dora.client.close()
  for (const page of [a, b, c, d]) await page.context().close()
})
