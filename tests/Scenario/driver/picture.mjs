/** All that a device shows, in the shape that the C# devices and the server's REST interface are brought into as well. */
export async function picture(device) {
  const { client, messageActions, people, calls, notices, starred } = device
  await device.whole()
  const chats = client.chats.items
  return {
    order: chats.map((chat) => chat.chatId),
    chats: byId(chats, (chat) => [chat.chatId, summaryOf(chat)]),
    messages: byId(chats, (chat) => [chat.chatId, byId(client.chat(chat.chatId).messages.items, (item) => [item.sequence, messageOf(item)])]),
    members: await ofChats(chats.filter(isSmall), async (chat) => byId(await client.chat(chat.chatId).members(), (one) => [one.principalId, one.role])),
    pins: await ofChats(chats, (chat) => messageActions.pinned(chat.chatId)),
    stars: (await starsOf(starred)).map(({ chatId, sequence }) => `${chatId}-${sequence}`),
    contacts: byId(await people.contacts(), ({ principalId, name, ownName, favourite, blocked, about, avatar }) => [
      principalId,
      { name, ownName, favourite, blocked, about, avatar },
    ]),
    blocks: (await people.blocks()).map((one) => one.principalId),
    profile: await people.profile(),
    privacy: await people.privacy(),
    calls: await calls.history(),
    callsIn: await calls.ids('incoming'),
    callsOut: await calls.ids('outgoing'),
    callsMissed: await calls.ids('missed'),
    callsActive: await calls.active(),
    notices: await noticesOf(notices),
    noticesUnread: (await notices.unread()).count,
  }
}

async function noticesOf(notices) {
  const all = []
  let cursor
  do {
    const page = await notices.list({ cursor, limit: 100 })
    all.push(...page.notices.map(({ id, kind, read, text }) => `${id} ${kind} ${read ? 'read' : 'new'} ${text ?? ''}`))
    cursor = page.nextCursor
  } while (cursor !== null)
  return all
}

function summaryOf(chat) {
  const { own, details, lastItem } = chat
  return {
    kind: chat.kind,
    name: chat.name,
    peer: chat.peerId,
    peerName: chat.peerName,
    role: chat.role,
    joinedAt: chat.joinedAtSequence,
    head: chat.headSequence,
    delivered: chat.deliveredUpTo,
    read: chat.readUpTo,
    unread: chat.unread,
    othersDelivered: chat.othersDeliveredUpTo,
    othersRead: chat.othersReadUpTo,
    memberCount: chat.memberCount,
    lastActivity: chat.lastActivityMs,
    last: lastItem === null ? null : { sequence: lastItem.sequence, ...messageOf(lastItem) },
    own: {
      archived: own.archived,
      pinned: own.pinned,
      markedUnread: own.markedUnread,
      mutedUntil: own.mutedUntilMs,
      theme: own.theme,
      clearedUpTo: own.clearedUpTo,
      draft: own.draft,
    },
    details: {
      description: details.description,
      avatar: details.avatar,
      theme: details.theme,
      handle: details.handle,
      send: details.sendRole,
      edit: details.editRole,
      add: details.addRole,
    },
  }
}

function messageOf(item) {
  const { changes } = item
  return {
    kind: item.kind,
    sender: item.senderId,
    at: item.createdAtMs,
    text: item.text,
    replyTo: item.replyTo,
    subject: item.subjectId,
    role: item.role,
    clientMessageId: item.clientMessageId,
    content: item.content,
    changes: changes && {
      asOf: changes.asOf,
      edited: changes.editedAtMs,
      deleted: changes.deletedAtMs,
      deletedBy: changes.deletedBy,
      pinned: changes.pinnedAtMs,
      ownReaction: changes.ownReaction,
      reactions: changes.reactions.map(({ emoji, count }) => `${emoji}${count}`).join(' '),
    },
  }
}

/** A channel's members are for its admins, and thousands. */
function isSmall(chat) {
  return chat.kind !== 'channel'
}

function byId(items, entry) {
  return Object.fromEntries(items.map(entry))
}

async function ofChats(chats, ask) {
  const found = await Promise.all(chats.map(async (chat) => [chat.chatId, await ask(chat)]))
  return Object.fromEntries(found)
}

async function starsOf(starred) {
  const all = []
  let cursor
  do {
    const page = await starred.list(cursor)
    all.push(...page.messages)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return all
}
