import { expect, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { enter, message, openChat, picture, write } from './people'
import { test } from './server'

/** The picture that stands for somebody, once it is there. */
const shown = (place: ReturnType<Page['locator']>) => place.locator('img[src*="/media/"]')
const row = (page: Page, name: string) => page.getByRole('link').filter({ has: page.getByText(name, { exact: true }) }).first()

async function openProfile(page: Page) {
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Profile' }).click()
  await expect(page.getByLabel('Name', { exact: true })).not.toHaveValue('')
  return page.getByRole('main')
}

async function setOwn(page: Page, colour: string): Promise<void> {
  const profile = await openProfile(page)
  await page.locator('[data-pick=avatar]').setInputFiles(await picture(page, 'me.png', colour))
  await page.getByRole('button', { name: 'Use picture' }).click()
  await expect(shown(profile)).toBeVisible()
}

/** The middle of a picture, as red, green and blue, and its size. */
const colourOf = (place: ReturnType<Page['locator']>) =>
  place.evaluate(async (img: HTMLImageElement) => {
    await img.decode()
    const canvas = document.createElement('canvas')
    const brush = canvas.getContext('2d')
    if (!brush) throw new Error('no canvas')
    brush.drawImage(img, img.naturalWidth / 2, img.naturalHeight / 2, 1, 1, 0, 0, 1, 1)
    return [...brush.getImageData(0, 0, 1, 1).data.slice(0, 3), img.naturalWidth, img.naturalHeight]
  })

test('one’s own picture is cut to a square, shown to others, and taken away', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben', { colorScheme: 'dark' })
  const c = await enter(browser, server, 'chloe')
  const profile = await openProfile(a)
  await expect(profile.getByRole('button', { name: 'Remove picture' })).toBeHidden()
  await expectAccessible(a)
  await a.locator('[data-pick=avatar]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') })
  await expect(a.getByText('Only a picture can be used for this.')).toBeVisible()
  await a.locator('[data-pick=avatar]').setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
  await expect(a.getByText('This picture cannot be read here.')).toBeVisible()
  await a.getByRole('dialog', { name: 'Choose what is shown' }).getByRole('button', { name: 'Cancel' }).click()

  await a.locator('[data-pick=avatar]').setInputFiles(await picture(a, 'me.png', 'rgb(200, 40, 40)'))
  const crop = a.getByRole('dialog', { name: 'Choose what is shown' })
  await expect(crop.getByRole('button', { name: 'Use picture' })).toBeEnabled()
  await expectAccessible(a)
  const zoom = crop.getByLabel('Zoom')
  await zoom.fill('2')
  await crop.locator('[data-crop]').focus()
  await a.keyboard.press('ArrowLeft')
  await a.keyboard.press('+')
  await expect.poll(() => zoom.inputValue()).toBe('2.2')
  await crop.getByRole('button', { name: 'Use picture' }).click()
  await expect(crop).toBeHidden()
  await expect(shown(profile)).toBeVisible()
  const side = Math.round(600 / 2.2)
  const [red, green, blue, width, height] = await colourOf(shown(profile))
  expect([red > 180, green < 80, blue < 80, width, height]).toEqual([true, true, true, side, side])
  await expect(profile.getByRole('button', { name: 'Remove picture' })).toBeVisible()
  await a.getByRole('link', { name: 'Back to chats' }).click()
  await expect(shown(a.getByRole('navigation').locator('header'))).toBeVisible()

  // Who was there before is shown it when they come back.
  await b.reload()
  await expect(shown(row(b, 'Anna'))).toBeVisible()
  await row(b, 'Anna').click()
  await expect(shown(b.getByRole('main').locator('header'))).toBeVisible()
  await b.getByRole('button', { name: 'Info', exact: true }).click()
  await expect(shown(b.getByRole('complementary', { name: 'Info' }))).toBeVisible()
  await openChat(a, 'Weekend trip')
  await write(a, 'who is that in the picture?')
  await openChat(b, 'Weekend trip')
  await expect(shown(message(b, 'who is that in the picture?'))).toBeVisible()
  await expectAccessible(b)

  await openProfile(a)
  await profile.getByRole('button', { name: 'Remove picture' }).click()
  await a.getByRole('dialog', { name: 'Remove this picture?' }).getByRole('button', { name: 'Remove picture' }).click()
  await expect(shown(profile)).toHaveCount(0)
  await setOwn(c, 'seagreen')
  await b.reload()
  // Chloé is asked for after Anna, so that her picture tells that Anna's would be there.
  await expect(shown(message(b, 'I can drive. Who brings the map?'))).toBeVisible()
  await expect(row(b, 'Anna').getByText('A', { exact: true })).toBeVisible()
  await expect(shown(row(b, 'Anna'))).toHaveCount(0)
  await expect(shown(message(b, 'who is that in the picture?'))).toHaveCount(0)
  await c.context().close()
  await a.context().close()
  await b.context().close()
})

test('an admin gives the group a picture, which all see at once', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await a.getByRole('button', { name: 'New chat or group' }).click()
  await a.getByRole('menuitem', { name: 'New group' }).click()
  const made = a.getByRole('dialog', { name: 'New group' })
  await made.getByLabel('Group name').fill('Painters')
  await made.getByLabel('E-mail or phone').fill('ben@demo.example')
  await made.getByRole('button', { name: 'Find' }).click()
  await expect(made.getByText('Ben')).toBeVisible()
  await made.getByRole('button', { name: 'Create group' }).click()
  await a.getByRole('button', { name: 'Group info' }).click()
  await a.locator('[data-pick=avatar]').setInputFiles(await picture(a, 'group.png', 'steelblue'))
  await a.getByRole('button', { name: 'Use picture' }).click()
  const panel = a.getByRole('complementary', { name: 'Group info' })
  await expect(shown(panel).first()).toBeVisible()
  await expectAccessible(a)
  await expect(shown(row(b, 'Painters'))).toBeVisible()
  await row(b, 'Painters').click()
  await b.getByRole('button', { name: 'Group info' }).click()
  await expect(b.getByRole('button', { name: 'Change picture' })).toBeHidden()
  await panel.getByRole('button', { name: 'Remove picture' }).click()
  await a.getByRole('dialog').getByRole('button', { name: 'Remove picture' }).click()
  await expect(shown(row(b, 'Painters'))).toHaveCount(0)
  await a.context().close()
  await b.context().close()
})

test('on a phone the cutting takes the whole width, and “Back” closes what stands over the page', async ({ browser, server }) => {
  const page = await enter(browser, server, 'ben', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await row(page, 'Anna').click()
  await page.getByRole('link', { name: 'Back' }).click()
  const profile = await openProfile(page)
  await page.locator('[data-pick=avatar]').setInputFiles(await picture(page, 'me.png', 'seagreen'))
  await expect(page.getByRole('button', { name: 'Use picture' })).toBeEnabled()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  await expectAccessible(page)
  await page.goBack()
  await expect(profile).toBeHidden()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.context().close()
})
