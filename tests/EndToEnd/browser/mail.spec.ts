import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { ChatServer } from './server'

interface Taken {
  to: string
  subject: string
  text: string
  from: string
  secure: boolean
  user: string
}

/** A mail server that is not ours, with STARTTLS and sign-in; what it takes is read by a parser that is not ours either. */
class MailServer {
  readonly taken: Taken[] = []
  private readonly server: SMTPServer
  private readonly folder = mkdtempSync(join(tmpdir(), 'chat-mail-'))
  readonly certificate = join(this.folder, 'cert.pem')

  constructor() {
    const key = join(this.folder, 'key.pem')
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', this.certificate, ...subject], { stdio: 'ignore' })
    this.server = new SMTPServer({
      key: readFileSync(key),
      cert: readFileSync(this.certificate),
      authMethods: ['PLAIN'],
      onAuth: ({ username, password }, session, done) =>
        username === 'chat' && password === 'pässword' && session.secure ? done(null, { user: username }) : done(new Error('wrong')),
      onData: (stream, session, done) => {
        simpleParser(stream).then((mail) => {
          this.taken.push({
            to: session.envelope.rcptTo.map((one) => one.address).join(),
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            from: mail.from?.text ?? '',
            secure: session.secure,
            user: `${session.user}`,
          })
          done()
        }, done)
      },
    })
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return (this.server.server.address() as AddressInfo).port
  }

  async next(to: string): Promise<Taken> {
    await expect.poll(() => this.taken.some((mail) => mail.to === to), { timeout: 20_000 }).toBe(true)
    return this.taken.splice(this.taken.findIndex((mail) => mail.to === to), 1)[0]!
  }

  stop(): void {
    this.server.close(() => {})
    rmSync(this.folder, { recursive: true, force: true })
  }
}

async function call(server: ChatServer, method: string, path: string, body: unknown, token?: string): Promise<{ status: number; body: any }> {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (token) headers.authorization = `Bearer ${token}`
  const answer = await fetch(`${server.url}${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
  const text = await answer.text()
  return { status: answer.status, body: text ? JSON.parse(text) : undefined }
}

const code = (mail: Taken) => /\d{4} \d{4}/.exec(mail.text)![0]

test('codes go out by a mail server over TLS, verify an address and give a new password', async () => {
  const mails = new MailServer()
  const port = await mails.start()
  const server = await ChatServer.start({
    CHAT__Mail__Server: `localhost:${port}`,
    CHAT__Mail__UserName: 'chat',
    CHAT__Mail__Password: 'pässword',
    CHAT__Mail__From: 'Zürich Chat ✓ <no-reply@example.org>',
    SSL_CERT_FILE: mails.certificate,
  })
  try {
    const email = 'ada@example.org'
    const made = await call(server, 'POST', '/api/auth/register', { name: 'Ada', email, password: 'correct horse battery' })
    const token = made.body.data.token as string

    expect((await call(server, 'POST', '/api/auth/verification', { channel: 'email' }, token)).body.to).toBe('a…@example.org')
    const first = await mails.next(email)
    expect(first).toMatchObject({ secure: true, user: 'chat', from: '"Zürich Chat ✓" <no-reply@example.org>' })
    expect(first.subject).toBe(`${code(first)} is your code`)
    expect(first.text.split('\n').length).toBeGreaterThan(4)
    expect((await call(server, 'POST', '/api/auth/verification/confirm', { channel: 'email', code: code(first) }, token)).status).toBe(204)
    expect((await call(server, 'GET', '/api/user', undefined, token)).body).toMatchObject({ emailVerified: true, phoneVerified: false })

    expect((await call(server, 'POST', '/api/auth/password/forgot', { login: 'ADA@example.org' })).status).toBe(204)
    const second = await mails.next(email)
    const reset = { login: email, code: code(second), newPassword: 'battery horse correct' }
    expect((await call(server, 'POST', '/api/auth/password/reset', reset)).status).toBe(204)
    expect((await call(server, 'POST', '/api/auth/login', { login: email, password: 'correct horse battery' })).status).toBe(401)
    expect((await call(server, 'POST', '/api/auth/login', { login: email, password: 'battery horse correct' })).status).toBe(200)
  } finally {
    await server.stop()
    mails.stop()
  }
})

test('on the chat page an address is verified by its code, and a forgotten password replaced', async ({ browser }) => {
  const mails = new MailServer()
  const server = await ChatServer.start({
    CHAT__Mail__Server: `localhost:${await mails.start()}`,
    CHAT__Mail__UserName: 'chat',
    CHAT__Mail__Password: 'pässword',
    CHAT__Mail__From: 'Chat <no-reply@example.org>',
    SSL_CERT_FILE: mails.certificate,
  })
  try {
    const email = 'grace@example.org'
    await call(server, 'POST', '/api/auth/register', { name: 'Grace', email, password: 'correct horse battery' })
    const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage()
    page.on('pageerror', (fault) => { throw fault })
    await page.goto(`${server.url}/settings/profile`)
    await page.getByLabel('E-mail or phone').fill(email)
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: `Verify ${email}` }).click()
    await expect(page.getByText('A code was sent to g…@example.org.')).toBeVisible()
    await expect(page.getByLabel('Code')).toHaveAccessibleDescription('') // it is no hint to a log
    await page.getByLabel('Code').fill('0000 0000')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'The code is wrong' })).toBeVisible()
    await page.getByLabel('Code').fill(code(await mails.next(email)))
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expect(page.getByText('Verified', { exact: true })).toBeVisible()

    await page.getByRole('link', { name: 'Back to chats' }).click()
    await page.getByRole('button', { name: 'Account and settings' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByLabel('E-mail or phone').fill(email)
    await page.getByRole('button', { name: 'Forgot password?' }).click()
    await expect(page.getByLabel('E-mail or phone')).toHaveValue(email)
    await page.getByRole('button', { name: 'Send a code' }).click()
    await expect(page.getByLabel('Code')).toBeFocused()
    await page.getByLabel('Code').fill(code(await mails.next(email)))
    await page.getByLabel('New password').fill('battery horse correct')
    await page.getByRole('button', { name: 'Set the new password' }).click()
    await expect(page.getByText('Your new password is set')).toBeVisible()
    await expect(page.getByLabel('E-mail or phone')).toHaveValue(email)
    await page.getByLabel('Password', { exact: true }).fill('battery horse correct')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Chats', exact: true })).toBeVisible()
    await page.context().close()
  } finally {
    await server.stop()
    mails.stop()
  }
})
