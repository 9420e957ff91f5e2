import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import { test } from './server'

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'clients', 'ts-sdk', 'dist')

/** No inline code, no `eval`, no string into a sink, nothing from elsewhere. */
const policy = "default-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"

/** What the page does: it must not need anything that the policy forbids. */
const code = `
import { createClient, createFiles, frameName, signIn } from '/csp/sdk/index.js'
const violations = []
document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))
const url = location.origin
const session = await signIn({ url, login: 'anna@demo.example', password: 'demo-password' })
const token = (why) => session.token(why)
const client = createClient({ url, token })
await client.connect()
const chat = client.chat(client.chats.items.find((one) => one.peerName === 'Ben').chatId)
await chat.open()
for (let i = 0; i < 80; i++) await chat.send({ text: 'under a strict policy' }).sent
const files = createFiles({ url, token })
const uploaded = await files.upload(new File(['%PDF-1.4 %%EOF'], 'notes.pdf'), { chatId: chat.id })
const link = await files.link(uploaded.blobId)
const read = await (await fetch(link.url)).text()
const allowed = [...violations]
let evaluated = 'refused'
try { evaluated = String(Function('return 1')()) } catch {}
const dump = client.dump()
window.outcome = { dump, names: dump.frames.map(({ type }) => frameName(type)), read, allowed, evaluated }
`

async function open(page: Page, url: string): Promise<void> {
  await page.route('**/csp/**', (route) => {
    const path = new URL(route.request().url()).pathname
    if (path === '/csp/') {
      const body = '<!doctype html><title>csp</title><script type="module" src="/csp/main.js"></script>'
      return route.fulfill({ contentType: 'text/html', headers: { 'content-security-policy': policy }, body })
    }
    const body = path === '/csp/main.js' ? code : readFileSync(join(dist, path.slice('/csp/sdk/'.length)), 'utf8')
    return route.fulfill({ contentType: 'text/javascript', body })
  })
  await page.goto(`${url}/csp/`)
}

type Outcome = {
  dump: { state: { kind: string }; principalId: number; frames: Record<string, unknown>[] }
  names: string[]
  read: string
  allowed: string[]
  evaluated: string
}

test('the SDK works under a strict content security policy, and remembers its last 200 frames without what they say', async ({ page, server }) => {
  const faults: string[] = []
  page.on('pageerror', (fault) => faults.push(fault.message))
  await open(page, server.url)
  await expect.poll(() => faults.length > 0 || page.evaluate(() => 'outcome' in window)).toBe(true) // waiting in the page would need its `eval`
  const outcome = await page.evaluate(() => (window as unknown as { outcome: Outcome }).outcome)

  expect(faults).toEqual([])
  expect(outcome.allowed).toEqual([])
  expect(outcome.evaluated).toBe('refused') // the policy was in force
  expect(outcome.read).toBe('%PDF-1.4 %%EOF')
  const { state, principalId, frames } = outcome.dump
  expect(state.kind).toBe('online')
  expect(principalId).toBeGreaterThan(0)
  expect(frames).toHaveLength(200)
  expect(outcome.names).toEqual(expect.arrayContaining(['send_message', 'sent', 'event']))
  for (const frame of frames) expect(Object.keys(frame).sort()).toEqual(['atMs', 'bytes', 'direction', 'requestId', 'type'])
  expect(JSON.stringify(outcome.dump)).not.toContain('strict policy')
})
