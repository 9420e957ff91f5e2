import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Waits until no colour is on its way to another: what is seen between the two is no fault. */
function settle(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    // A change of now is a transition behind the next frame.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition)
    await Promise.allSettled(transitions.map(({ finished }) => finished))
  })
}

/** Asked in the page alone: no page has a frame of another origin, whose answers would have to be brought together in a page of their own. */
async function found(page: Page, ask: (axe: AxeBuilder) => AxeBuilder): Promise<string[]> {
  await settle(page)
  const { violations } = await ask(new AxeBuilder({ page }).setLegacyMode()).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

/** What axe finds by all of its rules, good practice among them, but these: rule and element of each. */
export function faultsOf(page: Page, without: string[] = []): Promise<string[]> {
  return found(page, (axe) => axe.disableRules(without))
}

/** The same, and what it finds in the dark, where colours are all that is other. */
export async function faultsInBothOf(page: Page, without: string[] = []): Promise<string[]> {
  const light = await faultsOf(page, without)
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await found(page, (axe) => axe.withRules(['color-contrast', 'link-in-text-block']))
  await page.emulateMedia({ colorScheme: 'light' })
  return [...light, ...dark.map((fault) => `dark: ${fault}`)]
}

/** Fails with what axe finds against WCAG 2.2 AA, by rule and element. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await found(page, (axe) => axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']))).toEqual([])
}
