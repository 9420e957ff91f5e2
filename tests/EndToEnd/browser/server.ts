import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base } from '@playwright/test'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
const program = join(root, 'src', 'Server', 'bin', 'Release', 'net10.0', 'Chat.Server.dll')

/** The real server with demo data, as `./chat up` runs it, on a free port and in a folder of its own. */
export class ChatServer {
  private process: ChildProcess | undefined
  private output = ''
  private readonly data = mkdtempSync(join(tmpdir(), 'chat-browser-'))

  private constructor(
    private readonly port: number,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** `settings` are environment variables, e.g. `CHAT__Mail__Server`. */
  static async start(settings: NodeJS.ProcessEnv = {}): Promise<ChatServer> {
    const server = new ChatServer(await freePort(), { ...process.env, ...settings })
    await server.restart()
    return server
  }

  /** `kill -9`, no goodbye. */
  async kill(): Promise<void> {
    const running = this.process
    if (!running || running.exitCode !== null) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGKILL')
    await ended
  }

  async restart(): Promise<void> {
    const instance = join(this.data, 'server.json')
    rmSync(instance, { force: true })
    this.process = spawn('dotnet', [program, 'dev', '--port', `${this.port}`, '--data', this.data], { env: this.env })
    this.process.stdout?.on('data', (chunk) => { this.output += chunk })
    this.process.stderr?.on('data', (chunk) => { this.output += chunk })
    for (let tries = 0; !existsSync(instance); tries++) {
      if (this.process.exitCode !== null || tries > 600) throw new Error(`The server did not start:\n${this.output}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    JSON.parse(readFileSync(instance, 'utf8'))
  }

  async stop(): Promise<void> {
    const running = this.process
    if (running && running.exitCode === null) {
      const ended = new Promise((resolve) => running.once('exit', resolve))
      running.kill('SIGTERM')
      await ended
    }
    rmSync(this.data, { recursive: true, force: true })
  }
}

/** None of those that the system gives to connections: such a one may be a connection's by the time at which a program listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_768)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

export const test = base.extend<object, { server: ChatServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright asks for a destructured argument
    async ({}, use) => {
      const server = await ChatServer.start()
      await use(server)
      await server.stop()
    },
    { scope: 'worker' },
  ],
})
