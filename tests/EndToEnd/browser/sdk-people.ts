import type { Page } from '@playwright/test'
import { type AccountSession, type ChatClient, createClient, memoryStore, register, signIn, type TokenStore } from '../../../clients/ts-sdk/src/index.js'
import { nodeTransport } from '../../../clients/ts-sdk/src/node.js'
import type { ChatServer } from './server'

/** Somebody who chats without a page, over the SDK: they make what a page is looked at with. */
export interface SdkPerson {
  readonly session: AccountSession
  readonly client: ChatClient
  readonly options: { readonly url: string; readonly token: (why: Parameters<AccountSession['token']>[0]) => Promise<string> }
}

export const password = 'demo-password'

async function connected(url: string, session: AccountSession): Promise<SdkPerson> {
  const options = { url, token: (why: Parameters<AccountSession['token']>[0]) => session.token(why) }
  const client = createClient({ ...options, transport: nodeTransport, sendsInFlightPerChat: 64 })
  await client.connect()
  return { session, client, options }
}

let newcomers = 0

/** Somebody with a new account: `account`@demo.example, which a page signs in as. Tests share a server, so without a need for it none is named. */
export async function newcomer(server: ChatServer, name: string, account = `newcomer-${++newcomers}`): Promise<SdkPerson> {
  return connected(server.url, await register({ url: server.url, name, email: `${account}@demo.example`, password, deviceName: 'SDK' }))
}

/** Signs one of the demo's people in. */
export function demoSession(server: ChatServer, name: string, deviceName: string, store: TokenStore = memoryStore()): Promise<AccountSession> {
  return signIn({ url: server.url, login: `${name}@demo.example`, password, deviceName, store })
}

/** One of the demo's people, beside their page. */
export async function demoPerson(server: ChatServer, name: string): Promise<SdkPerson> {
  return connected(server.url, await demoSession(server, name, 'SDK'))
}

/** Somebody writes many messages in the chat that their page shows, sooner than the page's keys would. */
export async function writeLines(server: ChatServer, name: string, page: Page, texts: readonly string[]): Promise<void> {
  const { client } = await demoPerson(server, name)
  const chat = client.chat(Number(/\/chat\/(\d+)/.exec(page.url())?.[1]))
  await Promise.all(texts.map((text) => chat.send({ text }).sent))
  await client.close()
}

/** Does something for each of them, a few at a time. */
export async function forEach<T>(things: readonly T[], atOnce: number, work: (thing: T) => Promise<unknown>): Promise<void> {
  const left = things[Symbol.iterator]()
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const thing of left) await work(thing)
  }))
}
