import { readFile } from 'node:fs/promises'
import { picture } from './picture.mjs'

/** A message that is stored, by the handle that `send` gave. What was refused for good stands on the screen until somebody takes it away. */
async function stored(outgoing) {
  try {
    const { sequence } = await outgoing.sent
    return { sequence, clientMessageId: outgoing.clientMessageId }
  } catch (refused) {
    outgoing.cancel()
    throw refused
  }
}

async function find(chat, sequence) {
  const page = await chat.history({ after: sequence - 1, limit: 1 })
  return page.events.find((event) => event.sequence === sequence)
}

/** Uploads a file; with `interrupt`, breaks off after its first part and goes on later. */
async function upload({ files }, { chatId, path, fileName, purpose, interrupt }) {
  const file = new Blob([await readFile(path)])
  const options = { fileName, purpose, ...(chatId !== undefined && { chatId }) }
  if (!interrupt) return uploaded(await files.upload(file, options))

  const pause = new AbortController()
  let blobId = null
  const onProgress = (progress) => {
    blobId = progress.blobId
    if (progress.sentBytes > 0) pause.abort()
  }
  try {
    await files.upload(file, { ...options, signal: pause.signal, onProgress })
  } catch (thrown) {
    if (!pause.signal.aborted) throw thrown
  }
  return uploaded(await files.resume(blobId, file))
}

function uploaded({ blobId, contentType, bytes, fileName }) {
  return { blobId, contentType, bytes, fileName }
}

const due = ({ inSeconds }) => new Date(Date.now() + inSeconds * 1000)

const chatOf = ({ client }, { chatId }) => client.chat(chatId)

/** What a device can be told to do; the same names and arguments as those of the C# devices. */
export const operations = {
  send: (device, args) => {
    const { text, replyTo, content } = args
    return stored(chatOf(device, args).send({ text, ...(replyTo !== undefined && { replyTo }), ...(content !== undefined && { content }) }))
  },
  forward: async (device, args) => {
    const item = await find(device.client.chat(args.fromChatId), args.sequence)
    if (item === undefined || item.text === undefined) return null // it was deleted meanwhile
    return stored(device.messageActions.forward(item, args.chatId))
  },
  edit: ({ messageActions }, { chatId, sequence, text }) => messageActions.edit(chatId, sequence, text),
  delete: ({ messageActions }, { chatId, sequence }) => messageActions.delete(chatId, sequence),
  react: ({ messageActions }, { chatId, sequence, emoji }) => messageActions.react(chatId, sequence, emoji ?? null),
  pinMessage: ({ messageActions }, { chatId, sequence }) => messageActions.pin(chatId, sequence),
  unpinMessage: ({ messageActions }, { chatId, sequence }) => messageActions.unpin(chatId, sequence),
  star: ({ messageActions }, { chatId, sequence }) => messageActions.star(chatId, sequence),
  unstar: ({ messageActions }, { chatId, sequence }) => messageActions.unstar(chatId, sequence),
  hide: ({ messageActions }, { chatId, sequence }) => messageActions.hide(chatId, sequence),
  read: async (device, args) => chatOf(device, args).markRead(args.upTo),
  typing: async ({ typing }, { active, chatId }) => (active ? typing.start(chatId) : typing.stop(chatId)),
  draft: async ({ drafts }, { chatId, text, replyTo }) => {
    drafts.set(chatId, text, replyTo)
    await drafts.flush(chatId)
  },
  openDirect: async ({ client }, { principalId }) => ({ chatId: (await client.openDirect(principalId)).id }),
  createGroup: async ({ groups }, { name, memberIds }) => ({ chatId: (await groups.create(name, memberIds)).id }),
  rename: ({ groups }, { chatId, name }) => groups.rename(chatId, name),
  add: ({ groups }, { chatId, memberIds }) => groups.add(chatId, memberIds),
  remove: ({ groups }, { chatId, principalId }) => groups.remove(chatId, principalId),
  leave: ({ groups }, { chatId }) => groups.leave(chatId),
  role: ({ groups }, { chatId, principalId, role }) => groups.setRole(chatId, principalId, role),
  update: ({ settings }, { chatId, change }) => settings.update(chatId, change),
  deleteChat: ({ settings }, { chatId }) => settings.delete(chatId),
  mute: ({ settings }, { chatId, untilMs }) => settings.mute(chatId, untilMs === undefined ? undefined : new Date(untilMs)),
  unmute: ({ settings }, { chatId }) => settings.unmute(chatId),
  archive: ({ settings }, { chatId }) => settings.archive(chatId),
  unarchive: ({ settings }, { chatId }) => settings.unarchive(chatId),
  pinChat: ({ settings }, { chatId }) => settings.pin(chatId),
  unpinChat: ({ settings }, { chatId }) => settings.unpin(chatId),
  markUnread: (device, args) => device.settings.markUnread(args.chatId, chatOf(device, args).summary?.readUpTo),
  unmarkUnread: ({ settings }, { chatId }) => settings.unmarkUnread(chatId),
  theme: ({ settings }, { chatId, theme }) => settings.setTheme(chatId, theme ?? null),
  clear: ({ settings }, { chatId, upTo }) => settings.clear(chatId, upTo),
  createChannel: async ({ joining }, channel) => ({ chatId: await joining.createChannel(channel) }),
  subscribe: async ({ joining }, { handle }) => ({ chatId: await joining.subscribe(handle) }),
  createInvite: async ({ joining }, { chatId, maxUses }) => {
    const { code } = await joining.createInvite(chatId, maxUses === undefined ? {} : { maxUses })
    return { code }
  },
  revokeInvite: ({ joining }, { chatId, code }) => joining.revokeInvite(chatId, code),
  join: async ({ joining }, { code }) => ({ chatId: await joining.join(code) }),
  profile: async ({ people }, change) => void (await people.updateProfile(change)),
  privacy: async ({ people }, change) => void (await people.updatePrivacy(change)),
  contact: async ({ people }, { principalId, ...kept }) => void (await people.putContact(principalId, kept)),
  removeContact: ({ people }, { principalId }) => people.removeContact(principalId),
  block: ({ people }, { principalId }) => people.block(principalId),
  unblock: ({ people }, { principalId }) => people.unblock(principalId),
  upload,
  schedule: async ({ scheduled }, { chatId, text, key, ...args }) => {
    const { id } = await scheduled.schedule({ clientMessageId: key, chatId, dueAt: due(args), message: { text } })
    return { id }
  },
  changeScheduled: async ({ scheduled }, { id, text, ...args }) => void (await scheduled.change(id, { dueAt: due(args), message: { text } })),
  cancelScheduled: ({ scheduled }, { id }) => scheduled.cancel(id),
  sendScheduled: async ({ scheduled }, { id }) => void (await scheduled.sendNow(id)),
  readNotices: async ({ notices }) => {
    const [newest] = (await notices.list({ limit: 1 })).notices
    if (newest !== undefined) await notices.markRead(newest.at)
  },
  postStatus: async ({ statuses }, { text, key }) => ({ id: (await statuses.post({ clientStatusId: key, kind: 'text', text })).id }),
  statuses: async ({ statuses }, { principalId }) => (await statuses.of(principalId)).map(({ id }) => id),
  viewStatus: ({ statuses }, { id }) => statuses.view(id),
  statusViewers: async ({ statuses }, { id }) => (await statuses.viewers(id)).viewers.map((viewer) => viewer.principalId),
  deleteStatus: ({ statuses }, { id }) => statuses.delete(id),
  search: async ({ search }, { text }) => (await search.messages({ text })).messages.map(({ chatId, sequence }) => `${chatId}-${sequence}`),
  callStart: ({ calls }, args) => calls.start(args),
  callAnswer: ({ calls }, args) => calls.answer(args),
  callDecline: async ({ calls }, args) => void (await calls.decline(args)),
  callEnd: ({ calls }, args) => calls.end(args),
  callSignal: async ({ calls }, args) => calls.signal(args),
  callFind: ({ calls }, args) => calls.find(args),
  callReport: async ({ calls }) => calls.report(),
  /** Comes back at once when it waits to. */
  wake: async (device) => device.wake(),
  heads: async ({ client }) => ({
    online: client.state.kind === 'online',
    chats: Object.fromEntries(client.chats.items.map((chat) => [chat.chatId, chat.headSequence])),
  }),
  frames: async ({ client, sdk }) =>
    client.dump().frames.map(
      ({ atMs, direction, type, requestId, bytes }) =>
        `${new Date(atMs).toISOString().slice(11, 23)} ${direction === 'in' ? '<' : '>'} ${sdk.frameName(type)} ${requestId}, ${bytes} bytes`,
    ),
  watch: async (device) => ({ ...device.watch.report(), errors: device.errors }),
  picture,
}
