import { expect, type Page } from '@playwright/test'
import * as errorCodes from '../../../clients/ts-sdk/src/error-codes.js'
import { cutFrames, encodeFrame } from '../../../clients/ts-sdk/src/frames/frame.js'
import { replies } from '../../../clients/ts-sdk/src/frames/replies.js'
import { requests } from '../../../clients/ts-sdk/src/frames/requests.js'
import { faultsOf } from './accessible'
import { enter } from './people'
import { test } from './server'

const busy = { code: errorCodes.busy, message: 'Not now.', retryable: true, retryAfterMs: null }
const prefixBytes = 4

/** Stands between the page and the server, and answers for it that there is no time to read history; returns what ends that. */
async function refuseHistory(page: Page): Promise<() => void> {
  let refuses = true
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((message) => {
      const bytes = message as Buffer
      let at = 0
      for (const { type, requestId, bodyBytes } of cutFrames(bytes, bytes.length)) {
        const whole = bytes.subarray(at, at += prefixBytes + bodyBytes)
        if (refuses && type === requests.getHistory.type) socket.send(Buffer.from(encodeFrame(replies.error, requestId, busy)))
        else server.send(whole)
      }
    })
  })
  return () => { refuses = false }
}

test('a chat that the server has no time for says so, and opens when it is asked for again', async ({ browser, server }) => {
  const page = await enter(browser, server, 'anna')
  const answer = await refuseHistory(page)
  await page.reload()
  await page.getByRole('link').filter({ has: page.getByText('Ben', { exact: true }) }).first().click()
  const alert = page.getByRole('alert').filter({ hasText: 'This chat could not be loaded' })
  await expect(alert).toBeVisible({ timeout: 30_000 })
  expect(await faultsOf(page)).toEqual([])
  answer()
  await alert.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByPlaceholder('Write a message')).toBeVisible()
  await page.context().close()
})
