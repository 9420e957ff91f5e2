import { type Browser, expect, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { enter as signIn, openChat } from './people'
import { type ChatServer, test } from './server'

// Calls as people make them on the chat page; the SDK's own behaviour is in calls.spec.ts.

const enter = (browser: Browser, server: ChatServer, name: string, options: Parameters<typeof signIn>[3] = {}) =>
  signIn(browser, server, name, { permissions: ['camera', 'microphone'], ...options })
const rings = (page: Page) => page.getByRole('alertdialog', { name: /call from/ })
const screen = (page: Page) => page.getByRole('dialog', { name: /^Call with/ })

/** The picture of the other one moves, and their voice plays. */
async function expectTheOther(page: Page, picture: boolean): Promise<void> {
  await expect(screen(page)).toHaveAttribute('data-phase', 'talking', { timeout: 30_000 })
  const time = (selector: string) => page.locator(selector).first().evaluate((element) => (element as HTMLMediaElement).currentTime)
  const before = await time('[data-voice-of]')
  await expect.poll(() => time('[data-voice-of]')).toBeGreaterThan(before)
  if (!picture) return
  const video = page.locator('[data-tile] video[aria-label^="Picture of"]')
  await expect.poll(() => video.first().evaluate((element) => (element as HTMLVideoElement).videoWidth)).toBeGreaterThan(0)
}

test('a video call: it rings, is taken, seen and heard on both sides, goes on small, and is in the list', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben', { colorScheme: 'dark' })
  await openChat(a, 'Ben')
  await a.getByRole('button', { name: 'Video call' }).click()
  await expect(screen(a).getByText('Ringing…')).toBeVisible()
  await expectAccessible(a)
  await expect(rings(b).getByText('Anna')).toBeVisible()
  await expectAccessible(b)
  await rings(b).getByRole('button', { name: 'Accept with camera' }).click()
  await expectTheOther(a, true)
  await expectTheOther(b, true)
  await expect(rings(b)).toBeHidden()
  await expectAccessible(a)

  // What is off is sent as silence and as black: the tracks say so.
  await screen(a).getByRole('button', { name: 'Microphone off' }).click()
  await expect(screen(a).getByRole('button', { name: 'Microphone off' })).toHaveAttribute('aria-pressed', 'true')
  await screen(a).getByRole('button', { name: 'Camera off' }).click()
  await expect(a.locator('[data-tile] video[aria-label="Your picture"]')).toBeHidden()
  await screen(a).getByRole('button', { name: 'Camera off' }).click()
  await expect(a.locator('[data-tile] video[aria-label="Your picture"]')).toBeVisible()
  await screen(a).getByRole('button', { name: 'Devices' }).click()
  const camera = screen(a).getByLabel('Camera', { exact: true })
  const microphone = screen(a).getByLabel('Microphone', { exact: true })
  await expect.poll(() => microphone.locator('option').count()).toBeGreaterThan(1)
  await microphone.selectOption({ index: 1 })
  await expect(microphone).toHaveValue((await microphone.locator('option').nth(1).getAttribute('value')) ?? '')
  await expect(camera).toBeVisible()
  await expectAccessible(a)
  await screen(a).getByRole('button', { name: 'Devices' }).click()

  await a.keyboard.press('Escape')
  const bar = a.getByRole('region', { name: 'Call with Ben' })
  await expect(bar).toContainText(/Ben · \d:\d\d/)
  await expect(a.getByRole('button', { name: 'Voice call' })).toBeDisabled()
  await expectAccessible(a)
  await bar.getByRole('button', { name: 'Back to the call' }).click()
  await expectTheOther(a, true)

  await screen(b).getByRole('button', { name: 'Hang up' }).click()
  await expect(screen(a)).toBeHidden()
  await expect(screen(b)).toBeHidden()
  await expect(a.getByRole('article').or(a.getByText(/Video call, \d:\d\d/)).last()).toBeVisible()

  await b.getByRole('link', { name: /^Calls/ }).click()
  await expect(b.getByRole('link', { name: /^Anna.*Incoming video call, \d:\d\d/ }).first()).toBeVisible()
  await expectAccessible(b)
  await a.context().close()
  await b.context().close()
})

test('it rings on all devices and stops when one of them answers; a page that is opened meanwhile rings too', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await a.getByRole('button', { name: 'Voice call' }).click()
  await expect(rings(b)).toBeVisible()
  const second = await enter(browser, server, 'ben')
  await expect(rings(second)).toBeVisible()
  await rings(second).getByRole('button', { name: 'Accept' }).click()
  await expect(rings(b)).toBeHidden()
  await expect(b.getByText('Answered on another device.')).toBeVisible()
  await expectTheOther(a, false)
  await screen(a).getByRole('button', { name: 'Hang up' }).click()
  await expect(screen(second)).toBeHidden()
  for (const page of [a, b, second]) await page.context().close()
})

test('a dialog keeps nobody from a call: it is reached by keys and by pointer, and whatever was open stays', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  const dialog = b.getByRole('dialog', { name: 'New group' })
  const openDialog = async () => {
    await b.getByRole('button', { name: 'New chat or group' }).click()
    await b.getByRole('menuitem', { name: 'New group' }).click()
    await expect(dialog).toBeVisible()
  }
  const field = dialog.getByRole('textbox').first()

  // It rings while a dialog is open and somebody types there: no key is taken from them, and Tab leads to it.
  await openDialog()
  await field.fill('Our gr')
  await a.getByRole('button', { name: 'Voice call' }).click()
  await expect(rings(b)).toBeVisible()
  await expect(b.locator('[aria-live="assertive"]', { hasText: 'Voice call from Anna' })).toHaveCount(1)
  await expect(field).toBeFocused()
  await b.keyboard.type('oup')
  await expect(field).toHaveValue('Our group')
  await expectAccessible(b)
  const decline = rings(b).getByRole('button', { name: 'Decline' })
  const isReached = () => decline.evaluate((button) => button === document.activeElement)
  for (let presses = 0; presses < 12 && !(await isReached()); presses++) await b.keyboard.press('Tab')
  await expect(decline).toBeFocused()
  await b.keyboard.press('Enter')
  await expect(rings(b)).toBeHidden()
  await expect(dialog.locator(':focus')).toHaveCount(1) // where one came from
  await expect(field).toHaveValue('Our group')
  await expect(screen(a).getByText('Declined')).toBeVisible()
  await b.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  // A dialog that is opened while it rings does not come over it; Escape that was pressed for something else declines nothing.
  await screen(a).getByRole('button', { name: 'Call again' }).click()
  await expect(rings(b)).toBeFocused()
  await b.keyboard.press('Escape')
  await openDialog()
  await rings(b).getByRole('button', { name: 'Accept' }).click()
  await expectTheOther(b, false)
  await screen(b).getByRole('button', { name: 'Hang up' }).click()
  await expect(screen(b)).toBeHidden()
  await expect(dialog).toBeVisible()
  await a.context().close()
  await b.context().close()
})

test('who declines says so; who is not there has missed it, sees that, and calls back from the list', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await a.getByRole('button', { name: 'Voice call' }).click()
  await rings(b).getByRole('button', { name: 'Decline' }).click()
  await expect(screen(a).getByText('Declined')).toBeVisible()
  await expectAccessible(a)
  await screen(a).getByRole('button', { name: 'Call again' }).click()
  await expect(rings(b)).toBeVisible()
  await screen(a).getByRole('button', { name: 'Hang up' }).click()
  await expect(screen(a)).toBeHidden()
  await expect(rings(b)).toBeHidden()
  await expect(b.getByText('Missed call from Anna')).toBeVisible()
  await expect(b.getByRole('link', { name: /^Calls.*1 missed call/ })).toBeVisible()

  await b.getByRole('link', { name: /^Calls/ }).click()
  await expect(b.getByRole('link', { name: 'Calls', exact: true })).toBeVisible()
  await b.getByRole('button', { name: 'Missed', exact: true }).click()
  await expect(b.getByText('Missed voice call').first()).toBeVisible()
  await expect(b.getByText(/Incoming/)).toHaveCount(1) // the filter's own button
  await b.getByRole('button', { name: 'Call Anna' }).first().click()
  await rings(a).getByRole('button', { name: 'Accept' }).click()
  await expectTheOther(b, false)
  await screen(b).getByRole('button', { name: 'Hang up' }).click()
  await expect(screen(a)).toBeHidden()
  await a.context().close()
  await b.context().close()
})

test('without a microphone nobody is called, and one is told what to do', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await a.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  })
  await a.getByRole('button', { name: 'Voice call' }).click()
  await expect(a.getByText('The microphone or camera is not allowed for this page.')).toBeVisible()
  await expect(screen(a)).toBeHidden()
  await expect(rings(b)).toHaveCount(0)
  await a.context().close()
  await b.context().close()
})

test('on a phone a call has the whole screen and large buttons', async ({ browser, server }) => {
  const phone = await enter(browser, server, 'ben', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const a = await enter(browser, server, 'anna')
  await openChat(a, 'Ben')
  await a.getByRole('button', { name: 'Video call' }).click()
  const box = await rings(phone).boundingBox()
  expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true)
  await rings(phone).getByRole('button', { name: 'Accept', exact: true }).click()
  await expectTheOther(phone, true)
  await expect(phone.locator('[data-tile] video[aria-label="Your picture"]')).toHaveCount(0) // taken without the camera
  // Taken without the camera, which may come later: the other one sees it then.
  const theirs = a.locator('[data-tile] video[aria-label="Picture of Ben"]')
  await expect(theirs).toHaveCount(0)
  await expect(screen(phone).getByRole('button', { name: 'Camera off' })).toHaveAttribute('aria-pressed', 'true')
  await screen(phone).getByRole('button', { name: 'Camera off' }).tap()
  await expect(phone.locator('[data-tile] video[aria-label="Your picture"]')).toBeVisible()
  await expect.poll(() => theirs.evaluate((element) => (element as HTMLVideoElement).videoWidth)).toBeGreaterThan(0)
  for (const button of await screen(phone).getByRole('button').all()) {
    const size = await button.boundingBox()
    expect(Math.min(size?.width ?? 0, size?.height ?? 0)).toBeGreaterThanOrEqual(44)
  }
  await screen(phone).getByRole('button', { name: 'Hang up' }).click()
  await expect(screen(a)).toBeHidden()
  await a.context().close()
  await phone.context().close()
})
