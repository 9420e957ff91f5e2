import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env.CHAT_CHROMIUM ?? candidates.find((path) => existsSync(path))
if (!executablePath) throw new Error('Chromium is not installed. Install it (Debian, Ubuntu: apt-get install chromium) or set CHAT_CHROMIUM to its path.')

export default defineConfig({
  testDir: '.',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  workers: 2, // each with a server of its own
  use: {
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
        // Calls: a camera and a microphone that are always there, and addresses that need no name service, from a page that the test itself serves.
        '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,LocalNetworkAccessChecksWebRTC',
        '--autoplay-policy=no-user-gesture-required',
      ],
    },
  },
})
