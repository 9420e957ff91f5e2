import { expect } from '@playwright/test'
import { createGroups } from '../../../clients/ts-sdk/src/index.js'
import { enter, openChat } from './people'
import { demoPerson, forEach } from './sdk-people'
import { test } from './server'

test('a thousand older messages come above in twenty pages, and what one reads does not move by more than a pixel', async ({ browser, server }) => {
  const [anna, ben] = await Promise.all([demoPerson(server, 'anna'), demoPerson(server, 'ben')])
  const chat = await createGroups(anna.client).create('Long memory', [ben.client.me?.principalId ?? 0])
  await expect.poll(() => ben.client.chats.items.some(({ chatId }) => chatId === chat.id)).toBe(true)
  // Of every height: one line to many, runs of one sender and answers of another.
  const talks = [chat, ben.client.chat(chat.id)]
  await forEach(Array.from({ length: 1_800 }, (_, n) => n), 32, (n) =>
    talks[(n * 7) % 5 > 2 ? 1 : 0]?.send({ text: `${n} ${'word '.repeat((n * 37) % 120)}` }).sent ?? Promise.resolve())
  await Promise.all([anna.client.close(), ben.client.close()])

  const page = await enter(browser, server, 'anna')
  await openChat(page, 'Long memory')
  await expect(page.getByRole('article').last()).toBeVisible()
  const loads = await page.evaluate(async (pages) => {
    const box = document.querySelector('[role="feed"]')
    if (!box) throw new Error('There is no list of messages.')
    // What is painted: after the observers of sizes, whose last one this is, and before the paint.
    const probe = document.body.appendChild(document.createElement('div'))
    probe.style.cssText = 'position:fixed;height:1px;width:1px'
    let tell = () => {}
    new ResizeObserver(() => tell()).observe(probe)
    const frame = () => new Promise<void>((resolve) => {
      tell = resolve
      requestAnimationFrame(() => { probe.style.width = probe.style.width === '1px' ? '2px' : '1px' })
    })
    const loads: { shift: number; rows: number }[] = []
    for (let page = 0; page < pages; page++) {
      // The first one that is wholly seen, wherever it is scrolled to.
      const found = (key: string) => box.querySelector(`[data-anchor="${CSS.escape(key)}"]`)
      const at = (key: string) => found(key)?.getBoundingClientRect().top ?? Number.NaN
      const place = (key: string) => Number(found(key)?.closest('[role="article"]')?.getAttribute('aria-posinset'))
      const take = () => {
        const top = box.getBoundingClientRect().top
        const key = [...box.querySelectorAll<HTMLElement>('[data-anchor]')].find((one) => one.getBoundingClientRect().top >= top)?.dataset['anchor'] ?? ''
        return { key, stood: at(key), placed: place(key) }
      }
      // Near enough to the first one that the page asks for what is before it; within this frame nobody answers.
      const climb = async () => {
        box.scrollTop = 850
        await frame()
        return take()
      }
      box.scrollTop = 2_500 // too far for that, also when the list comes to rest and is set right
      for (let frames = 0; frames < 4; frames++) await frame()
      let anchor = await climb()
      const hasCome = () => place(anchor.key) > anchor.placed
      let worst = 0
      // Every frame until the page has come, and some more: a jump that is taken back is a jump.
      for (let after = 0, frames = 0; after < 8 && frames < 600; frames++) {
        await frame()
        worst = Math.max(worst, Math.abs(at(anchor.key) - anchor.stood))
        if (hasCome()) after++
        // It was set right before it could ask: it stands a little further from the first one.
        else if (box.scrollTop >= 900 && box.scrollTop < 2_500) anchor = await climb()
      }
      if (!hasCome()) throw new Error(`Page ${page} did not come: ${box.scrollTop} px above, and the row that was looked at ${found(anchor.key) ? 'stands' : 'is gone'}.`)
      loads.push({ shift: worst, rows: place(anchor.key) - anchor.placed })
    }
    return loads
  }, 20)
  expect(loads.filter(({ shift }) => !(shift <= 1))).toEqual([])
  expect(loads.filter(({ rows }) => rows !== 50)).toEqual([]) // one page each time, and no other behind it
  await page.context().close()
})

test('who is at the end stays there when a panel opens beside the messages, and when it closes', async ({ browser, server }) => {
  const anna = await demoPerson(server, 'anna')
  const chat = await createGroups(anna.client).create('Beside', [])
  for (let n = 0; n < 40; n++) await chat.send({ text: `${n} ${'a text that breaks over some lines '.repeat(1 + (n % 5))}` }).sent
  await anna.client.close()

  const page = await enter(browser, server, 'anna')
  await openChat(page, 'Beside')
  const below = () =>
    page.getByRole('feed').evaluate((box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight))
  await expect.poll(below).toBeLessThanOrEqual(1)
  const info = page.getByRole('button', { name: 'Group info' })
  await info.click()
  await expect(page.getByRole('complementary', { name: 'Group info' })).toBeVisible()
  await expect.poll(below).toBeLessThanOrEqual(1)
  await expect(page.getByRole('article').last()).toBeInViewport()
  await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click()
  await expect(page.getByRole('complementary', { name: 'Group info' })).toBeHidden()
  await expect.poll(below).toBeLessThanOrEqual(1)
  await page.context().close()
})
