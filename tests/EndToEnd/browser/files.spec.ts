import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { enter, openChat, picture } from './people'
import { test } from './server'

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

test('pictures go with a caption, stand in their place, and are looked at', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben', { colorScheme: 'dark' })
  await openChat(a, 'Ben')
  await openChat(b, 'Anna')

  await a.locator('[data-pick=media]').setInputFiles([await picture(a, 'red.png', 'red'), await picture(a, 'blue.png', 'blue')])
  await a.locator('[data-pick=document]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') })
  await expect(a.locator('[data-file=failed]').getByText('This kind of file cannot be sent')).toBeVisible()
  await expect(a.locator('[data-file=ready]')).toHaveCount(2)
  await expectAccessible(a)
  await a.getByRole('button', { name: 'Remove notes.txt' }).click()
  await a.getByPlaceholder('Add a caption').fill('From the lake')
  await a.getByPlaceholder('Add a caption').press('Enter')
  await expect(a.getByRole('list', { name: 'Files to send' })).toBeHidden()

  const first = b.getByRole('article').filter({ hasText: 'From the lake' })
  // A chat opens at what is unread in it, which other tests may have left.
  const down = b.getByRole('button', { name: /new message/ })
  await expect(down.or(first.locator('img')).first()).toBeVisible()
  if (await down.isVisible()) await down.click()
  await expect(first.locator('img')).toBeVisible()
  expect(await first.locator('[data-media]').evaluate((tile) => [tile.clientWidth, tile.clientHeight])).toEqual([320, 213])
  await expect(b.locator('[data-media]')).toHaveCount(2)
  await first.getByRole('button', { name: 'Open picture: From the lake' }).click()
  const viewer = b.getByRole('dialog', { name: /Picture from Anna/ })
  await expect(viewer.getByRole('img', { name: 'From the lake' })).toBeVisible()
  await expectAccessible(b)
  await b.keyboard.press('ArrowRight')
  await expect(viewer.getByRole('button', { name: 'Next' })).toBeHidden()
  await b.keyboard.press('ArrowLeft')
  await expect(viewer.getByRole('img', { name: 'From the lake' })).toBeVisible()
  const saved = b.waitForEvent('download')
  await viewer.getByRole('button', { name: 'Download' }).click()
  expect((await saved).suggestedFilename()).toBe('red.png')
  await b.keyboard.press('Escape')
  await expect(viewer).toBeHidden()
  await expect(first.getByRole('button', { name: 'Open picture: From the lake' })).toBeFocused()
  await a.context().close()
  await b.context().close()
})

test('a picture that is pasted, and one that is dropped, wait in the tray', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  await openChat(a, 'Ben')
  const give = (type: 'paste' | 'drop') =>
    a.getByPlaceholder(/Write a message|Add a caption/).evaluate(async (target, how) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 })
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
      const transfer = new DataTransfer()
      transfer.items.add(new File([blob ?? ''], `${how}.png`, { type: 'image/png' }))
      const event =
        how === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
          : new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
      target.dispatchEvent(event)
    }, type)
  await give('paste')
  await give('drop')
  await expect(a.locator('[data-file=ready]')).toHaveCount(2)
  await expect(a.getByText('paste.png')).toBeVisible()
  await expect(a.getByText('drop.png')).toBeVisible()

  await a.getByRole('link').filter({ has: a.getByText('Weekend trip', { exact: true }) }).first().click()
  await expect(a.locator('[data-file]')).toHaveCount(0)
  await a.getByRole('link').filter({ has: a.getByText('Ben', { exact: true }) }).first().click()
  await expect(a.locator('[data-file=ready]')).toHaveCount(2)
  await a.getByRole('button', { name: 'Remove paste.png' }).click()
  await a.getByRole('button', { name: 'Remove drop.png' }).click()
  await expect(a.getByPlaceholder('Write a message')).toBeFocused()
  await a.context().close()
})

test('a voice message is recorded, heard, sent and played', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna', { permissions: ['microphone'] })
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Ben')
  await openChat(b, 'Anna')

  await a.getByRole('button', { name: 'Record a voice message' }).click()
  await expect(a.getByRole('button', { name: 'Stop and listen' })).toBeVisible()
  await a.keyboard.press('Escape')
  await expect(a.getByPlaceholder('Write a message')).toBeFocused()

  await a.getByRole('button', { name: 'Record a voice message' }).click()
  await expect(a.getByRole('timer')).toHaveText('0:02')
  await a.getByRole('button', { name: 'Stop and listen' }).click()
  await expect(a.getByRole('slider')).toBeVisible()
  await a.getByRole('button', { name: 'Send voice message' }).click()

  const heard = b.getByRole('article').filter({ hasText: 'Voice message' }).last()
  await heard.getByRole('button', { name: 'Play Voice message' }).click()
  await expect(heard.getByRole('slider')).toHaveAttribute('aria-valuetext', /^0:01 of 0:0[23]$/)
  await heard.getByRole('button', { name: 'Speed 1×, change' }).click()
  await expect(heard.getByRole('button', { name: 'Speed 1.5×, change' })).toBeVisible()
  await heard.getByRole('slider').press('Home')
  await expect(heard.getByRole('slider')).toHaveAttribute('aria-valuenow', '0')
  await expectAccessible(b)
  await a.context().close()
  await b.context().close()
})

test('somebody in a group is mentioned by the keyboard', async ({ browser, server }) => {
  const a = await enter(browser, server, 'anna')
  const b = await enter(browser, server, 'ben')
  await openChat(a, 'Weekend trip')
  await openChat(b, 'Weekend trip')
  const box = a.getByLabel('Message to Weekend trip')
  await box.pressSequentially('Look @be')
  await expect(a.getByRole('option', { name: 'Ben' })).toHaveAttribute('aria-selected', 'true')
  await box.press('Enter')
  await expect(box).toHaveValue('Look @Ben ')
  await box.press('Home')
  await box.pressSequentially('Now! ')
  await box.press('Enter')
  await expect(b.getByRole('article').filter({ hasText: 'Now! Look @Ben' }).locator('span.font-semibold').getByText('@Ben')).toBeVisible()
  await a.context().close()
  await b.context().close()
})
