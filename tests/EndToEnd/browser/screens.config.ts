import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { film, portrait } from './demo-media'
import base from './playwright.config'

const camera = join(tmpdir(), 'chat-screens-camera.y4m')

/** Whether reactions are shown as elsewhere; without such a font they are black outlines. */
function hasColourEmoji(): boolean {
  try {
    return execFileSync('fc-match', ['--format=%{color}', 'emoji'], { encoding: 'utf8' }) === 'True'
  } catch {
    return true // without fontconfig nobody knows
  }
}

// The processes that run the tests read this file again.
if (process.env.TEST_WORKER_INDEX === undefined) {
  if (!hasColourEmoji()) console.warn('Emoji are black outlines in these pictures: no colour emoji font is installed (Debian, Ubuntu: apt-get install fonts-noto-color-emoji).')
  const sway = (part: number) => portrait([186, 178, 196], [58, 92, 84], [206, 160, 128], [70, 48, 38], 0.02 * Math.sin(part * 2 * Math.PI))
  writeFileSync(camera, film(320, 240, 20, sway))
}

const { launchOptions } = base.use ?? {}

/** `./chat screens`: makes the pictures of docs/screens, so it is no part of the suites. In its calls one sees somebody instead of a test card. */
export default defineConfig(base, {
  testMatch: 'screens.shots.ts',
  timeout: 300_000,
  reporter: [['line']],
  use: { launchOptions: { ...launchOptions, args: [...(launchOptions?.args ?? []), `--use-file-for-fake-video-capture=${camera}`] } },
})
