/** What the events of a client promise: in each chat ascending and each once. What was seen is kept, so that what is missing shows at the end. */
export class EventWatch {
  #chats = new Map()
  faults = []

  /** All above this sequence is news. */
  begin(chatId, head) {
    this.#of(chatId).from ??= head
  }

  take({ chatId, sequence }) {
    const chat = this.#of(chatId)
    if (sequence <= chat.last) this.faults.push(`chat ${chatId}: event ${sequence} came after ${chat.last}`)
    chat.last = Math.max(chat.last, sequence)
    const newest = chat.seen.at(-1)
    if (newest !== undefined && newest[1] === sequence - 1) newest[1] = sequence
    else chat.seen.push([sequence, sequence])
  }

  skip(chatId, reason) {
    this.#of(chatId).skips.push(reason)
  }

  report() {
    const chats = {}
    for (const [chatId, { from, seen, skips }] of this.#chats) chats[chatId] = { from: from ?? 0, seen, skips }
    return { faults: this.faults, chats }
  }

  #of(chatId) {
    let chat = this.#chats.get(chatId)
    if (chat === undefined) {
      chat = { from: undefined, last: 0, seen: [], skips: [] }
      this.#chats.set(chatId, chat)
    }
    return chat
  }
}
