import { expect, type Page } from '@playwright/test'
import { createGroups } from '../../../clients/ts-sdk/src/index.js'
import { enter } from './people'
import { demoPerson, forEach } from './sdk-people'
import { test } from './server'

/** What a page with much in it takes: `./chat bench page`. Figures go to the standard output, nothing is judged. */
const messages = Number(process.env.CHAT_BENCH_MESSAGES ?? 10_000)
const chats = Number(process.env.CHAT_BENCH_CHATS ?? 2_000)
const loads = 5
const frames = 400
const longChat = 'The long one'

const words = 'the quick answer is that we ship on Friday after the review and the numbers look good so far let us meet at noon by the river with all who can'.split(' ')
const text = (n: number) => `${n}: ${Array.from({ length: 3 + ((n * 7) % 40) }, (_, i) => words[(n * 13 + i) % words.length]).join(' ')}`

interface Frames { p50: number; p95: number; max: number; dropped: number; count: number }

/** Moves a box by so many pixels a frame, and says how long the frames took. A frame longer than one and a half of 60 Hz dropped others. */
function scroll(page: Page, selector: string, step: number): Promise<Frames> {
  return page.evaluate(async ([box, by, count]) => {
    const element = document.querySelector(box)
    if (!element) throw new Error(`There is no ${box}.`)
    const times: number[] = []
    let before = await new Promise(requestAnimationFrame)
    for (let frame = 0; frame < count; frame++) {
      element.scrollTop += by
      const now = await new Promise(requestAnimationFrame)
      times.push(now - before)
      before = now
    }
    times.sort((a, b) => a - b)
    const at = (part: number) => Math.round((times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0) * 10) / 10
    const dropped = times.reduce((sum, time) => sum + (time > 25 ? Math.round(time / (1000 / 60)) - 1 : 0), 0)
    return { p50: at(0.5), p95: at(0.95), max: at(1), dropped, count: times.length }
  }, [selector, step, frames] as const)
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

test('figures of a page with a long list and a long chat', async ({ browser, server }) => {
  const [anna, ben] = await Promise.all([demoPerson(server, 'anna'), demoPerson(server, 'ben')])
  const benId = ben.client.me?.principalId
  if (benId === undefined) throw new Error('Ben is not signed in.')
  const groups = createGroups(anna.client)
  await forEach(Array.from({ length: chats - anna.client.chats.items.length - 1 }, (_, n) => n), 8, async (n) => {
    const chat = await groups.create(`Group ${n}`, n % 10 === 0 ? [benId] : [])
    await chat.send({ text: text(n) }).sent
  })
  const long = await groups.create(longChat, [benId])
  await expect.poll(() => ben.client.chats.items.some(({ chatId }) => chatId === long.id)).toBe(true)
  const senders = [long, ben.client.chat(long.id)]
  await forEach(Array.from({ length: messages }, (_, n) => n), 48, (n) => senders[Math.floor(n / 3) % 2]?.send({ text: text(n) }).sent ?? Promise.resolve())
  await Promise.all([anna.client.close(), ben.client.close()])

  const first = await enter(browser, server, 'anna')
  const storageState = await first.context().storageState()
  await first.goto('about:blank') // its session goes on in the pages below
  const loaded: { kB: number; list: number; blocked: number }[] = []
  let page: Page = first
  for (let load = 0; load < loads; load++) {
    const context = await browser.newContext({ storageState: load === 0 ? storageState : await page.context().storageState(), reducedMotion: 'reduce' })
    if (load > 0) await page.context().close()
    page = await context.newPage()
    const network = await context.newCDPSession(page)
    await network.send('Network.enable')
    let bytes = 0
    network.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength })
    await page.addInitScript(() => {
      const figures = { list: 0, blocked: 0 }
      Object.assign(window, { figures })
      new PerformanceObserver((entries) => { for (const { duration } of entries.getEntries()) figures.blocked += duration - 50 }).observe({ type: 'longtask', buffered: true })
      const look = () => {
        if (document.querySelector('[data-chat]')) requestAnimationFrame((now) => { figures.list = now })
        else requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    })
    await page.goto(server.url)
    await page.waitForFunction(() => (window as unknown as { figures: { list: number } }).figures.list > 0)
    const kB = Math.round(bytes / 1_000) // what had come by then
    await page.waitForLoadState('networkidle')
    const { list, blocked } = await page.evaluate(() => (window as unknown as { figures: { list: number; blocked: number } }).figures)
    loaded.push({ kB, list: Math.round(list), blocked: Math.round(blocked) })
  }

  const listFrames = await scroll(page, 'nav div:has(> ul [data-chat])', 60)
  await page.evaluate(() => { const box = document.querySelector('nav div:has(> ul [data-chat])'); if (box) box.scrollTop = 0 })
  const opened = await page.evaluate(async (name) => {
    const row = [...document.querySelectorAll<HTMLElement>('[data-chat] a')].find((one) => one.textContent?.includes(name))
    if (!row) throw new Error(`${name} is not in the list.`)
    const begun = performance.now()
    row.click()
    while (!document.querySelector('[role="feed"] [role="article"]')) await new Promise(requestAnimationFrame)
    return (await new Promise(requestAnimationFrame)) - begun
  }, longChat)
  await page.waitForLoadState('networkidle')
  const chatFrames = await scroll(page, '[role="feed"]', -60)
  const rows = await page.locator('[role="feed"] [role="article"]').count()
  await page.context().close()
  await first.context().close()

  const frameRow = (what: string, { p50, p95, max, dropped, count }: Frames) => `| ${what}: frame p50, p95, max (ms); dropped of ${count} | ${p50}, ${p95}, ${max}; ${dropped} |`
  console.log(['', `| ${chats} chats, one of them with ${messages} messages | |`, '|---|---|',
    `| transferred until the list stands (kB) | ${median(loaded.map(({ kB }) => kB))} |`,
    `| from the address to the list (ms, median of ${loads}) | ${median(loaded.map(({ list }) => list))} |`,
    `| main thread blocked over 50 ms meanwhile (ms) | ${median(loaded.map(({ blocked }) => blocked))} |`,
    `| from the click to the long chat's messages (ms) | ${Math.round(opened)} |`,
    frameRow('scrolling the list, 60 px a frame', listFrames),
    frameRow('scrolling back in the chat, 60 px a frame, older pages loading', chatFrames),
    `| messages in the document then | ${rows} |`, ''].join('\n'))
})
