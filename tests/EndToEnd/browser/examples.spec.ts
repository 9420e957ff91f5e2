import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { faultsOf } from './accessible'
import { ChatServer, freePort } from './server'

const examples = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'clients', 'examples')

/** An example that runs in Node.js, as somebody would start it. */
class Program {
  output = ''
  private readonly process: ChildProcess
  private readonly ended: Promise<number | null>

  constructor(file: string, args: string[], env: NodeJS.ProcessEnv = {}) {
    this.process = spawn('node', [join(examples, file), ...args], { env: { ...process.env, ...env } })
    this.process.stdout?.on('data', (chunk) => { this.output += chunk })
    this.process.stderr?.on('data', (chunk) => { this.output += chunk })
    this.ended = new Promise((resolve) => this.process.once('exit', resolve))
  }

  async says(text: string | RegExp): Promise<void> {
    const pattern = typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text)
    await expect.poll(() => this.output).toEqual(pattern)
  }

  type(line: string): void {
    this.process.stdin?.write(`${line}\n`)
  }

  /** By the end of its input, or by a signal. */
  async end(signal?: NodeJS.Signals): Promise<number | null> {
    if (signal === undefined) this.process.stdin?.end()
    else this.process.kill(signal)
    return this.ended
  }
}

let pages: Program
let origin = ''
let app = 0
let server: ChatServer
const secret = randomBytes(48).toString('base64')

test.beforeAll(async () => {
  pages = new Program('serve.mjs', ['0'])
  await pages.says(/http:\S+\n/)
  origin = pages.output.trim()
  app = await freePort()
  const origins = [origin, `http://127.0.0.1:${app}`]
  const allowed = origins.flatMap((one, i) => ['Server', 'Rest'].map((section) => [`CHAT__${section}__AllowedOrigins__${i}`, one]))
  server = await ChatServer.start({ ...Object.fromEntries(allowed), CHAT__Issuers__shop__Algorithm: 'HS256', CHAT__Issuers__shop__SecretKey: secret })
})

test.afterAll(async () => {
  await server.stop()
  await pages.end('SIGTERM')
})

/** The page in React, as the clients' own tool builds it; served where the others are. */
async function built(): Promise<Map<string, string>> {
  const vite = await import(pathToFileURL(join(examples, '..', 'node_modules', 'vite', 'dist', 'node', 'index.js')).href)
  const outcome = await vite.build({ root: join(examples, 'react'), base: './', configFile: false, logLevel: 'silent', build: { write: false, target: 'es2022' } })
  const outputs = (Array.isArray(outcome) ? outcome : [outcome]).flatMap((one: { output: { fileName: string; code?: string; source?: string }[] }) => one.output)
  return new Map(outputs.map(({ fileName, code, source }) => [`/react/${fileName === 'index.html' ? '' : fileName}`, code ?? source ?? '']))
}

const types: Record<string, string> = { js: 'text/javascript', css: 'text/css' }

async function enter(browser: Browser, page: string, name: string, files = new Map<string, string>(), url = server.url): Promise<Page> {
  const opened = await (await browser.newContext()).newPage()
  await opened.route(/\/react\//, (route) => {
    const { pathname } = new URL(route.request().url())
    return route.fulfill({ contentType: types[pathname.split('.').at(-1) ?? ''] ?? 'text/html', body: files.get(pathname) ?? '' })
  })
  const faults: string[] = []
  opened.on('pageerror', (fault) => faults.push(fault.message))
  opened.on('close', () => expect(faults).toEqual([]))
  await opened.goto(`${origin}/${page}/?server=${url}`)
  await opened.getByLabel('E-mail').fill(`${name}@demo.example`)
  await opened.getByRole('button', { name: 'Sign in' }).click()
  return opened
}

test('two terminals write to each other, and what was typed last is stored before the program ends', async () => {
  const start = (as: string, to: string) => new Program('terminal/chat.mjs', ['--as', `${as}@demo.example`, '--to', `${to}@demo.example`, '--url', server.url])
  const anna = start('anna', 'ben')
  const ben = start('ben', 'anna')
  await anna.says('you are Anna')
  await ben.says('you are Ben')

  anna.type('from the first terminal')
  await ben.says('Anna: from the first terminal')
  ben.type('from the second')
  await anna.says('Ben: from the second')
  anna.type('the last words')
  expect(await anna.end()).toBe(0)
  await ben.says('Anna: the last words')
  expect(await ben.end()).toBe(0)
  expect(ben.output.match(/the last words/g)).toHaveLength(1)
})

test('a terminal says what it is not told', async () => {
  const nobody = new Program('terminal/chat.mjs', ['--as', 'anna@demo.example'])
  expect(await nobody.end()).toBe(2)
  expect(nobody.output).toContain('Say who you are')
})

test('who looks for a server where there is none is told where, and how to say another', async ({ browser }) => {
  const url = `http://127.0.0.1:${await freePort()}`
  const programs = [
    new Program('terminal/chat.mjs', ['--as', 'anna@demo.example', '--to', 'ben@demo.example', '--url', url]),
    new Program('echo-bot/bot.mjs', ['--as', 'chloe@demo.example', '--url', url]),
    new Program('app-server/server.mjs', ['0', '--url', url], { CHAT_SECRET: secret }),
  ]
  for (const program of programs) {
    expect(await program.end()).toBe(1)
    expect(program.output).toBe(`No chat server at ${url}: start ./chat up, or give --url URL\n`)
  }

  const react = await built()
  for (const name of ['web', 'vue', 'react']) {
    const page = await enter(browser, name, 'anna', react, url)
    await expect(page.getByText(`No chat server at ${url} lets this page in`), name).toBeVisible()
    await page.close()
  }
})

test('the bot answers once what came before it ran, while it ran, and after it was started again', async () => {
  const anna = new Program('terminal/chat.mjs', ['--as', 'anna@demo.example', '--to', 'chloe@demo.example', '--url', server.url])
  await anna.says('you are Anna')
  anna.type('before')
  await anna.says('me: before')

  const start = () => new Program('echo-bot/bot.mjs', ['--as', 'chloe@demo.example', '--url', server.url])
  const bot = start()
  await anna.says('Chloé: echo: before')
  await bot.says('answers')
  anna.type('meanwhile')
  await anna.says('Chloé: echo: meanwhile')
  expect(await bot.end('SIGTERM')).toBe(0)

  const again = start()
  await again.says('answers')
  anna.type('afterwards')
  await anna.says('Chloé: echo: afterwards')
  expect(anna.output.match(/echo: (before|meanwhile|afterwards)/g)).toEqual(['echo: before', 'echo: meanwhile', 'echo: afterwards'])
  expect(await again.end('SIGTERM')).toBe(0)
  expect(await anna.end()).toBe(0)
})

/** Two of the pages, whatever they are written in, write to each other. */
async function talk(anna: Page, ben: Page): Promise<void> {
  await anna.getByRole('button', { name: /^Ben/ }).click()
  await ben.getByRole('button', { name: /^Anna/ }).click()

  await anna.getByLabel('Message', { exact: true }).fill('from Anna')
  await expect(ben.getByText('is typing')).toBeVisible()
  await anna.getByRole('button', { name: 'Send' }).click()
  await expect(ben.getByRole('listitem').last()).toHaveText('from Anna')
  await ben.getByLabel('Message', { exact: true }).fill('from Ben')
  await ben.getByRole('button', { name: 'Send' }).click()
  await expect(ben.getByLabel('Message', { exact: true })).toHaveValue('')
  await expect(anna.getByRole('listitem').last()).toHaveText('from Ben')
  await expect(ben.getByText('online', { exact: true })).toBeVisible()
  await expect(ben.getByRole('status')).toContainText('Ben: online, 0 unread')
  for (const page of [anna, ben]) expect(await faultsOf(page)).toEqual([])
  await anna.close()
  await ben.close()
}

test('the page without a framework and the one in Vue write to each other', async ({ browser }) => {
  await talk(await enter(browser, 'web', 'anna'), await enter(browser, 'vue', 'ben'))
})

test('so do the one in Vue and the one in React', async ({ browser }) => {
  await talk(await enter(browser, 'vue', 'anna'), await enter(browser, 'react', 'ben', await built()))
})

async function enterApp(browser: Browser, name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`http://127.0.0.1:${app}/`)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(`${name}-password`)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('status')).toContainText('online')
  return page
}

test('users of an app of their own chat with its tokens, over several of them on one connection, until they sign out there', async ({ browser }) => {
  const own = new Program('app-server/server.mjs', [`${app}`, '--url', server.url, '--lifetime', '3'], { CHAT_SECRET: secret })
  await own.says(/http:\S+\n/)
  const ada = await enterApp(browser, 'ada')
  const sockets: string[] = []
  let tokens = 0
  ada.on('websocket', (socket) => sockets.push(socket.url()))
  ada.on('request', (request) => { if (request.url().endsWith('/chat-token')) tokens++ })
  const bob = await enterApp(browser, 'bob')

  await ada.getByRole('button', { name: 'Bob' }).click()
  await bob.getByRole('button', { name: 'Ada' }).click()
  await ada.getByLabel('Message', { exact: true }).fill('from Ada')
  await ada.getByRole('button', { name: 'Send' }).click()
  await expect(bob.getByRole('listitem').last()).toHaveText('from Ada')
  await expect.poll(() => tokens, { timeout: 20_000 }).toBeGreaterThan(2)
  expect(sockets, 'the connection of before goes on').toEqual([])
  await bob.getByLabel('Message', { exact: true }).fill('from Bob')
  await bob.getByRole('button', { name: 'Send' }).click()
  await expect(ada.getByRole('listitem').last()).toHaveText('from Bob')
  for (const page of [ada, bob]) expect(await faultsOf(page)).toEqual([])

  await ada.getByRole('button', { name: 'Sign out' }).click()
  await expect(ada.getByRole('button', { name: 'Sign in' })).toBeVisible()
  const refused = await ada.evaluate(async () => (await fetch('/chat-token', { method: 'POST' })).status)
  expect(refused).toBe(401)
  await ada.close()
  await bob.close()
  expect(await own.end('SIGTERM')).toBe(null)
})

test('the app says what it needs, and lets nobody in with a wrong password', async ({ browser }) => {
  const none = new Program('app-server/server.mjs', ['0', '--url', server.url], { CHAT_SECRET: '' })
  expect(await none.end()).toBe(2)
  expect(none.output).toContain('Set CHAT_SECRET')
  const other = new Program('app-server/server.mjs', ['0', '--url', server.url], { CHAT_SECRET: randomBytes(48).toString('base64') })
  expect(await other.end()).toBe(1)
  expect(other.output).toContain('The signature is not of the issuer')
  const own = new Program('app-server/server.mjs', [`${app}`, '--url', server.url], { CHAT_SECRET: secret })
  await own.says(/http:\S+\n/)
  const page = await (await browser.newContext()).newPage()
  await page.goto(`http://127.0.0.1:${app}/`)
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('status')).toHaveText('Wrong name or password.')
  await page.close()
  await own.end('SIGTERM')
})

test('a page that may not ask the server says so, and files beside the examples are not served', async ({ browser }) => {
  const page = await enter(browser, 'vue', 'nobody')
  await expect(page.getByRole('alert')).not.toBeEmpty()
  await page.close()
  for (const path of ['/../package.json', '/%2e%2e/ts-sdk/package.json', '/serve.mjs', '/sdk/../package.json']) {
    expect((await fetch(`${origin}${path}`)).status, path).toBe(404)
  }
})
