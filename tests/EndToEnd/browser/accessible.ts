import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Asked in the page alone: no page has a frame of another origin, whose answers would have to be brought together in a page of their own. */
const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode()

async function found(asked: AxeBuilder): Promise<string[]> {
  const { violations } = await asked.analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

/** What axe finds by all of its rules, good practice among them, but these: rule and element of each. */
export function faultsOf(page: Page, without: string[] = []): Promise<string[]> {
  return found(axe(page).disableRules(without))
}

/** The same, and what it finds in the dark, where colours are all that is other. */
export async function faultsInBothOf(page: Page, without: string[] = []): Promise<string[]> {
  const light = await faultsOf(page, without)
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await found(axe(page).withRules(['color-contrast', 'link-in-text-block']))
  await page.emulateMedia({ colorScheme: 'light' })
  return [...light, ...dark.map((fault) => `dark: ${fault}`)]
}

/** Fails with what axe finds against WCAG 2.2 AA, by rule and element. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await found(axe(page).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']))).toEqual([])
}
