import { type Browser, expect, type Page } from '@playwright/test'
import { faultsOf } from './accessible'
import type { ChatServer } from './server'
import { test } from './server'

/** A browser of somebody who reads `locale`, at the page's first screen. */
async function open(browser: Browser, server: ChatServer, locale: string): Promise<Page> {
  const page = await (await browser.newContext({ locale, reducedMotion: 'reduce' })).newPage()
  await page.goto(server.url)
  return page
}

async function signIn(page: Page, words: { login: string; password: string; submit: string }): Promise<void> {
  await page.getByLabel(words.login).fill('anna@demo.example')
  await page.getByLabel(words.password, { exact: true }).fill('demo-password')
  await page.getByRole('button', { name: words.submit, exact: true }).click()
}
const arabic = { login: 'البريد الإلكتروني أو الهاتف', password: 'كلمة المرور', submit: 'تسجيل الدخول' }
const japanese = { login: 'メールアドレスまたは電話番号', password: 'パスワード', submit: 'ログイン' }

test('in Arabic the page runs from right to left: signed in, found, written', async ({ browser, server }) => {
  const page = await open(browser, server, 'ar-EG')
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(page.locator('html')).toHaveAttribute('lang', 'ar-EG')
  await expect(page.getByRole('heading', { name: 'تسجيل الدخول' })).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await signIn(page, arabic)
  await page.getByRole('link', { name: /Ben/ }).first().click()
  const box = page.getByPlaceholder('اكتب رسالة')
  await box.fill('مرحبًا يا بن')
  await box.press('Enter')
  const own = page.getByRole('article').filter({ hasText: 'مرحبًا يا بن' })
  await expect(own.getByText('تم الإرسال').or(own.getByText('تم التسليم'))).toBeAttached()

  // The list stands on the right; what one wrote oneself on the left, where in English it is on the right.
  const list = await page.getByRole('navigation').first().boundingBox()
  const feed = await page.getByRole('feed').boundingBox()
  const text = await own.getByText('مرحبًا يا بن').first().boundingBox()
  if (!list || !feed || !text) throw new Error('not shown')
  expect(list.x).toBeGreaterThan(feed.x)
  expect(text.x + text.width / 2).toBeLessThan(feed.x + feed.width / 2)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  expect(await faultsOf(page)).toEqual([])
  await page.context().close()
})

test('in Japanese, Enter that ends a composition sends nothing', async ({ browser, server }) => {
  const page = await open(browser, server, 'ja-JP')
  await signIn(page, japanese)
  await page.getByRole('link', { name: /Ben/ }).first().click()
  const box = page.getByPlaceholder('メッセージを入力')
  await box.focus()
  const keys = await page.context().newCDPSession(page)
  await keys.send('Input.imeSetComposition', { text: 'こんにちは', selectionStart: 5, selectionEnd: 5 })
  await keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 })
  await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 })
  await keys.send('Input.insertText', { text: '今日は' })
  await expect(box).toHaveValue('今日は')
  const written = page.getByRole('article').filter({ hasText: /こんにちは|今日は/ })
  await expect(written).toHaveCount(0)
  await box.press('Enter')
  await expect(written).toHaveCount(1)
  await expect(box).toHaveValue('')
  await page.context().close()
})

test('a chosen language is there at once, and from the first paint after a reload', async ({ browser, server }) => {
  const page = await open(browser, server, 'en-US')
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    const look = () => {
      const { lang, dir } = document.documentElement
      if (document.body && seen.at(-1) !== `${lang} ${dir}`) seen.push(`${lang} ${dir}`)
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await page.getByLabel('Language').selectOption({ label: 'العربية' })
  await expect(page.getByRole('heading', { name: 'تسجيل الدخول' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')

  const loaded: string[] = []
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
  await page.reload()
  await expect(page.getByRole('heading', { name: 'تسجيل الدخول' })).toBeVisible()
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual(['ar rtl'])
  expect(loaded.filter((path) => /\/assets\/(en|ar|ja)-/.test(path)).map((path) => path.replace(/-.*/, ''))).toEqual(['/assets/ar'])

  await signIn(page, arabic)
  await page.getByRole('button', { name: 'الحساب والإعدادات' }).click()
  await page.getByRole('menuitem', { name: 'الإعدادات' }).click()
  await page.getByRole('link', { name: /المظهر واللغة/ }).click()
  await expect(page.getByRole('heading', { name: 'المظهر واللغة' })).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('combobox', { name: 'اللغة' }).selectOption({ label: 'English' })
  await expect(page.getByRole('heading', { name: 'Appearance', exact: true })).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr')
  await page.context().close()
})
