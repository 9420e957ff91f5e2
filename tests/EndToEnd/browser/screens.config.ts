import { defineConfig } from '@playwright/test'
import base from './playwright.config'

/** `./chat screens`: makes the pictures of docs/screens, so it is no part of the suites. */
export default defineConfig(base, { testMatch: 'screens.shots.ts', timeout: 300_000, reporter: [['line']] })
