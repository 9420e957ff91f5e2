import { request as httpRequest } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect } from '@playwright/test'
import { enter } from './people'
import { test } from './server'

interface Answer { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }

/** As it comes over the wire: `fetch` would unpack it. */
function get(url: string, encodings: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { method, headers: encodings === '' ? {} : { 'accept-encoding': encodings } }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('files of the page come compressed to whom takes that, and as they are to others', async ({ server }) => {
  const script = /src="(\/assets\/[^"]+\.js)"/.exec((await get(server.url, '')).body.toString())?.[1]
  expect(script).toBeTruthy()
  const url = `${server.url}${script}`
  const plain = await get(url, '')
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(plain.headers['vary']).toBe('Accept-Encoding')

  const [br, gz, refused, head] = await Promise.all([get(url, 'gzip, deflate, br'), get(url, 'gzip'), get(url, 'br;q=0, identity'), get(url, 'br', 'HEAD')])
  expect([br.headers['content-encoding'], gz.headers['content-encoding'], refused.headers['content-encoding']]).toEqual(['br', 'gzip', undefined])
  expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true)
  expect(gunzipSync(gz.body).equals(plain.body)).toBe(true)
  expect(refused.body.equals(plain.body)).toBe(true)
  expect(Number(head.headers['content-length'])).toBe(br.body.length)
  for (const { headers } of [br, gz, head]) {
    expect(headers['content-type']).toBe(plain.headers['content-type'])
    expect(headers['cache-control']).toContain('immutable')
    expect(headers['content-security-policy']).toBe(plain.headers['content-security-policy'])
    expect(headers['etag']).not.toBe(plain.headers['etag'])
  }
  const absent = await get(`${server.url}/assets/absent.js`, 'br')
  expect([absent.status, absent.headers['content-encoding']]).toEqual([404, undefined])
})

test('what a browser loads before the chats stand fits in 160 kB', async ({ browser, server }) => {
  const first = await enter(browser, server, 'anna')
  const context = await browser.newContext({ storageState: await first.context().storageState() })
  await first.context().close()
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  const kinds = new Map<string, string>()
  let bytes = 0
  network.on('Network.responseReceived', ({ requestId, type }) => { kinds.set(requestId, type) })
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (['Document', 'Script', 'Stylesheet'].includes(kinds.get(requestId) ?? '')) bytes += encodedDataLength
  })
  await page.goto(server.url, { waitUntil: 'load' })
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(160_000)
  await context.close()
})
