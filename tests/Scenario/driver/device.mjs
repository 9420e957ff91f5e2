import { CallDesk } from './call-desk.mjs'
import { EventWatch } from './event-watch.mjs'

/** One signed-in app of a person: a client, and every chat of it open. */
export class Device {
  constructor(sdk, name) {
    this.sdk = sdk
    this.name = name
    this.watch = new EventWatch()
    this.errors = []
    this.wake = () => {}
  }

  async connect({ url, login, password }) {
    this.session = await this.#insist(() => this.sdk.signIn({ url, login, password, deviceName: this.name }))
    const options = { url, token: (why) => this.session.token(why) }
    this.client = this.sdk.createClient({
      ...options,
      wakeSignals: {
        listen: (handler) => {
          this.wake = () => handler('online')
          return () => {}
        },
      },
    })
    this.drafts = this.sdk.createDrafts(this.client)
    this.groups = this.sdk.createGroups(this.client)
    this.messageActions = this.sdk.createMessageActions(this.client)
    this.typing = this.sdk.createTyping(this.client)
    this.people = this.sdk.createPeople(options)
    this.joining = this.sdk.createJoining(options)
    this.settings = this.sdk.createChatSettings(options)
    this.scheduled = this.sdk.createScheduled(options)
    this.notices = this.sdk.createNotices(options)
    this.starred = this.sdk.createStarred(options)
    this.statuses = this.sdk.createStatuses(options)
    this.search = this.sdk.createSearch(options)
    this.files = this.sdk.createFiles({ ...options, partBytes: 65_536 })
    this.calls = new CallDesk(this.name, this.sdk.createCalls(this.client, options), (error) => this.#failed(error))
    this.client.on('message', (event) => this.watch.take(event))
    this.client.on('discontinuity', ({ chatId, reason }) => this.watch.skip(chatId, reason))
    this.client.on('error', (error) => {
      if (!error.retryable) this.#failed(error)
    })
    this.client.on('chats', () => this.#openAll())
    await this.client.connect()
    for (const { chatId, headSequence } of this.client.chats.items) this.watch.begin(chatId, headSequence)
    this.#openAll()
    return { principalId: this.client.me.principalId }
  }

  #opened = new Set()

  #failed(error) {
    this.errors.push(`${this.sdk.errorName(error.code)}: ${error.message}`)
  }

  /** A chat that is listed is on the screen, a chat that went is not. */
  #openAll() {
    const listed = new Set(this.client.chats.items.map((chat) => chat.chatId))
    for (const chatId of this.#opened) {
      if (listed.has(chatId)) continue
      this.#opened.delete(chatId)
      this.client.chat(chatId).close()
    }
    for (const chatId of listed) {
      if (this.#opened.has(chatId)) continue
      this.#opened.add(chatId)
      this.client
        .chat(chatId)
        .open({ window: 200 })
        .catch(() => {
          this.#opened.delete(chatId) // the next change of the list tries again
          this.client.chat(chatId).close()
        })
    }
  }

  /** Makes sure that every listed chat is on the screen, from its beginning. */
  async whole() {
    for (const { chatId } of this.client.chats.items) {
      const chat = this.client.chat(chatId)
      if (!this.#opened.has(chatId)) {
        this.#opened.add(chatId)
        await chat.open({ window: 200 })
      }
      while (chat.messages.hasOlder) await chat.loadOlder()
    }
  }

  async #insist(ask) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask()
      } catch (thrown) {
        if (!thrown.retryable || attempt === 20) throw thrown
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
  }
}
