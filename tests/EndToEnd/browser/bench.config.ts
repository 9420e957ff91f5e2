import { defineConfig } from '@playwright/test'
import base from './playwright.config'

/** `./chat bench page`: figures, no judgement, so it is no part of the suites. */
export default defineConfig(base, { testMatch: 'page.bench.ts', timeout: 900_000, reporter: [['line']] })
