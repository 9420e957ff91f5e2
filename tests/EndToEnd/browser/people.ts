import { type Browser, type BrowserContextOptions, expect, type Page } from '@playwright/test'
import type { ChatServer } from './server'

/** Signs one of the demo's people in, in a browser of their own. A fault of the page, or of its Content Security Policy, fails the test at the end. */
export async function enter(browser: Browser, server: ChatServer, name: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  const faults: string[] = []
  page.on('pageerror', (fault) => faults.push(fault.message))
  page.on('console', (line) => { if (/Content Security Policy/.test(line.text())) faults.push(line.text()) })
  page.on('close', () => expect(faults).toEqual([]))
  await page.goto(server.url)
  await page.getByLabel('E-mail or phone').fill(`${name}@demo.example`)
  await page.getByLabel('Password', { exact: true }).fill('demo-password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
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
