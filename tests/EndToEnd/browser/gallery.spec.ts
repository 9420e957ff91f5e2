import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { enter, openChat, picture, write } from './people'
import { test } from './server'

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

async function send(page: Page, kind: 'media' | 'document', files: { name: string; mimeType: string; buffer: Buffer }[], caption = ''): Promise<void> {
  await page.locator(`[data-pick=${kind}]`).setInputFiles(files)
  await expect(page.locator('[data-file=ready]')).toHaveCount(files.length)
  await page.getByPlaceholder('Add a caption').fill(caption)
  await page.getByPlaceholder('Add a caption').press('Enter')
  await expect(page.getByRole('list', { name: 'Files to send' })).toBeHidden()
}

async function openGallery(page: Page, info: 'Info' | 'Group info'): Promise<void> {
  await page.getByRole('button', { name: info, exact: true }).click()
  await page.getByRole('button', { name: 'Media, files and links' }).click()
  await expect(page.getByRole('tab', { name: 'Media' })).toHaveAttribute('aria-selected', 'true')
}

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')

test('what was shared is found by what it is, is looked at, and leads to its message', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  // A group of its own: what other tests shared is elsewhere.
  await a.getByRole('button', { name: 'New chat or group' }).click()
  await a.getByRole('menuitem', { name: 'New group' }).click()
  await a.getByLabel('Group name').fill('Photo walk')
  await a.getByLabel('E-mail or phone').fill('ben@demo.example')
  await a.getByRole('button', { name: 'Find' }).click()
  await expect(a.getByRole('list', { name: 'Members' }).getByText('Ben')).toBeVisible()
  await a.getByRole('button', { name: 'Create group' }).click()
  await expect(a.getByPlaceholder('Write a message')).toBeVisible()
  await openGallery(a, 'Group info')
  await expect(a.getByText('No pictures or films yet.')).toBeVisible()
  await expectAccessible(a)
  await send(a, 'media', [await picture(a, 'red.png', 'red'), await picture(a, 'blue.png', 'blue')], 'Two of them')
  await expect(a.locator('[data-gallery-tile]')).toHaveCount(2)
  await send(a, 'document', [{ name: 'plan.pdf', mimeType: 'application/pdf', buffer: pdf }])
  await write(a, 'Read https://example.org/a-page, please')
  for (let n = 1; n <= 30; n++) await write(a, `line ${n} without anything`)

  const b = await enter(browser, server, 'ben', { colorScheme: 'dark' })
  await openChat(b, 'Photo walk')
  await openGallery(b, 'Group info')
  await expect(b.locator('[data-gallery-tile] img')).toHaveCount(2)
  await expectAccessible(b)
  await b.getByRole('button', { name: /^Open picture of Anna/ }).last().click()
  const viewer = b.getByRole('dialog', { name: /Picture from Anna/ })
  await expect(viewer.getByRole('img', { name: 'Two of them' })).toBeVisible()
  await b.keyboard.press('ArrowRight')
  await expect(viewer.getByRole('button', { name: 'Next' })).toBeHidden()
  await b.keyboard.press('Escape')

  await b.getByRole('tab', { name: 'Media' }).focus()
  await b.keyboard.press('ArrowRight')
  await expect(b.getByRole('tab', { name: 'Files' })).toBeFocused()
  const saved = b.waitForEvent('download')
  await b.getByRole('button', { name: 'Download plan.pdf' }).last().click()
  expect((await saved).suggestedFilename()).toBe('plan.pdf')
  await expectAccessible(b)

  await b.getByRole('tab', { name: 'Links' }).click()
  const link = b.locator('[data-shared-link]')
  await expect(link).toHaveAttribute('href', 'https://example.org/a-page')
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow')
  await expectAccessible(b)
  const message = b.getByRole('article').filter({ hasText: 'Read https://example.org/a-page' })
  await b.getByRole('button', { name: 'Show in the chat: https://example.org/a-page' }).click()
  await expect(message).toBeInViewport()

  // What is deleted is shared no more.
  await b.getByRole('tab', { name: 'Media' }).click()
  await expect(b.locator('[data-gallery-tile]')).toHaveCount(2)
  const first = a.getByRole('article').filter({ has: a.locator('[data-media]') }).first()
  await a.getByRole('tab', { name: 'Links' }).click()
  await a.getByRole('button', { name: /^Show in the chat/ }).click()
  await expect(a.getByRole('article').filter({ hasText: 'Read https://example.org/a-page' })).toBeInViewport()
  await a.getByRole('tab', { name: 'Media' }).click()
  await expect(a.locator('[data-gallery-tile]')).toHaveCount(2)
  await first.focus()
  await a.keyboard.press('Shift+F10')
  await a.getByRole('menuitem', { name: 'Delete' }).press('Enter')
  await a.getByRole('button', { name: 'Delete for everyone' }).click()
  await expect(b.locator('[data-gallery-tile]')).toHaveCount(1)
  await expect(a.locator('[data-gallery-tile]')).toHaveCount(1)
  await a.context().close()
  await b.context().close()
})

test('whom one talks to is kept as a contact, on all devices', async ({ browser, server }) => {
  const page = await enter(browser, server, 'chloe')
  await page.getByRole('button', { name: 'New chat or group' }).click()
  await page.getByRole('menuitem', { name: 'New chat' }).click()
  await page.getByLabel('E-mail or phone').fill('ben@demo.example')
  await page.getByRole('button', { name: 'Find' }).click()
  await page.getByRole('button', { name: 'Chat with Ben' }).click()
  await page.getByRole('button', { name: 'Info', exact: true }).click()
  const second = await enter(browser, server, 'chloe')
  await openChat(second, 'Ben')
  await second.getByRole('button', { name: 'Info', exact: true }).click()
  await expect(second.getByLabel('Keep as a contact')).not.toBeChecked()
  await page.getByLabel('Keep as a contact').check()
  await expect(second.getByLabel('Keep as a contact')).toBeChecked()
  await expectAccessible(page)
  await page.getByLabel('Keep as a contact').uncheck()
  await expect(second.getByLabel('Keep as a contact')).not.toBeChecked()
  await page.context().close()
  await second.context().close()
})

test('on a phone the gallery covers the chat, and gives way to a message', async ({ browser, server }) => {
  const page = await enter(browser, server, 'ben', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await openChat(page, 'Anna')
  await page.getByPlaceholder('Write a message').fill('Look at https://example.org/from-the-phone')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await openGallery(page, 'Info')
  await expectAccessible(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  await page.getByRole('tab', { name: 'Links' }).click()
  await page.getByRole('button', { name: 'Show in the chat: https://example.org/from-the-phone' }).click()
  await expect(page.getByRole('tab', { name: 'Links' })).toBeHidden()
  await expect(page.getByRole('article').filter({ hasText: 'https://example.org/from-the-phone' })).toBeInViewport()
  await page.context().close()
})
