/**
 * For the service worker, without the rest of this package: reads what was pushed and shows it.
 *
 *     self.addEventListener('push', (event) => {
 *       const push = readPush(event.data);
 *       if (push !== null) event.waitUntil(showPush(self.registration, push, texts));
 *     });
 */

/** Something of a chat was written, and nobody was there. */
export interface PushedMessage {
  readonly kind: 'message';
  readonly chatId: number;
  /** Of the newest that is told. */
  readonly sequence: number;
  /** Null where the person does not want it to be said. */
  readonly sender: PushSender | null;
  /** Null in a direct chat, and where it is not to be said. */
  readonly chatName: string | null;
  /** Perhaps only its beginning; null where it is not to be said, and of what has none. */
  readonly text: string | null;
  /** What it is beside its text: `image`, `video`, `audio`, `voice`, `document`, `location`, `contact`, or what came after this version. */
  readonly content: string | null;
  /** It mentions the person, or answers a message of theirs; false where that is not to be said. */
  readonly mention: boolean;
  /** How many messages are told at once. */
  readonly count: number;
  /** Unread chats that are not muted, 99 at most; null where it was not counted. */
  readonly badge: number | null;
  /** ISO 8601. */
  readonly at: string;
}

/** A call rings, rings no more on this device, or was missed. */
export interface PushedCall {
  readonly kind: 'call' | 'call_ended' | 'missed_call';
  readonly chatId: number;
  readonly callId: number;
  readonly callKind: string;
  readonly sender: PushSender | null;
  readonly chatName: string | null;
  /** ISO 8601. */
  readonly at: string;
}

export type PushPayload = PushedMessage | PushedCall;

export interface PushSender {
  readonly id: number;
  readonly name: string;
}

/** The words that notifications are made of, in the person's language. */
export interface PushTexts {
  /** The title where neither sender nor chat is to be said. */
  readonly app: string;
  /** Such as "New message" or "3 new messages". */
  newMessages(count: number): string;
  /** Such as "Anna mentioned you", in the place of the sender's name before the words; without it, it is told as any message. */
  mentioned?(sender: string): string;
  /** Such as "Photo"; for a content that came after this version, something like "Message". */
  content(kind: string): string;
  /** Such as "Incoming video call". */
  ringing(callKind: string): string;
  missed(callKind: string): string;
  readonly callEnded: string;
}

/** As much of a `ServiceWorkerRegistration` as is used. */
export interface NotificationPlace {
  showNotification(title: string, options: NotificationOptions & { renotify?: boolean }): Promise<void>;
  getNotifications(filter: { tag: string }): Promise<readonly { readonly data?: unknown; close(): void }[]>;
}

/** What was pushed; null for what came after this version, and for nonsense: show something of your own then, browsers ask for it. */
export function readPush(data: { json(): unknown } | null): PushPayload | null {
  let found: unknown;
  try {
    found = data?.json();
  } catch {
    return null; // no JSON: not of this service
  }
  if (!isObject(found) || found['v'] !== 1 || !isNumber(found['chat']) || !isText(found['at'])) return null;

  const { kind, chat: chatId, at, sender } = found;
  const both = {
    chatId,
    sender: isObject(sender) && isNumber(sender['id']) && isText(sender['name']) ? { id: sender['id'], name: sender['name'] } : null,
    chatName: textOrNull(found['chatName']),
    at,
  };
  if (kind === 'message') {
    const { sequence, count, badge } = found;
    if (!isNumber(sequence) || !isNumber(count)) return null;
    const badgeOrNull = isNumber(badge) ? badge : null;
    const [text, content, mention] = [textOrNull(found['text']), textOrNull(found['content']), found['mention'] === true];
    return { kind, ...both, sequence, text, content, mention, count, badge: badgeOrNull };
  }
  if (kind !== 'call' && kind !== 'call_ended' && kind !== 'missed_call') return null;
  const { call: callId, callKind } = found;
  return isNumber(callId) && isText(callKind) ? { kind, ...both, callId, callKind } : null;
}

/** The notifications of one chat, or of one call, have one tag: a later one stands in the place of an earlier one. */
export function tagOf(push: PushPayload): string {
  return push.kind === 'message' ? `chat-${push.chatId}` : `call-${push.callId}`;
}

/**
 * Shows it, in the place of what it replaces, with the payload as the notification's `data`; a call that rings no more is taken away, and
 * an older message than the shown one changes nothing. Tells the badge of the app's icon, where there is one.
 */
export async function showPush(registration: NotificationPlace, push: PushPayload, texts: PushTexts): Promise<void> {
  const tag = tagOf(push);
  const title = push.chatName ?? push.sender?.name ?? texts.app;
  const options = { tag, data: push, timestamp: Date.parse(push.at) };
  switch (push.kind) {
    case 'message':
      // Push services keep no order: what is shown may be newer.
      if ((await registration.getNotifications({ tag })).some(({ data }) => isObject(data) && Number(data['sequence']) > push.sequence))
        return;
      await registration.showNotification(title, { ...options, body: bodyOf(push, texts), renotify: true });
      if (push.badge !== null) await (globalThis.navigator as Partial<Navigator> | undefined)?.setAppBadge?.(push.badge);
      return;
    case 'call':
      await registration.showNotification(title, {
        ...options,
        body: withSender(push, texts.ringing(push.callKind)),
        requireInteraction: true,
      });
      return;
    case 'missed_call':
      await registration.showNotification(title, { ...options, body: withSender(push, texts.missed(push.callKind)), renotify: true });
      return;
    case 'call_ended':
      await registration.showNotification(title, { ...options, body: texts.callEnded, silent: true }); // browsers want to see one for each push
      for (const shown of await registration.getNotifications({ tag })) shown.close();
  }
}

function bodyOf(push: PushedMessage, texts: PushTexts): string {
  const words = push.text ?? (push.content === null ? null : texts.content(push.content));
  const mentioned = push.mention && push.sender !== null && texts.mentioned?.(push.sender.name);
  if (words === null) return mentioned || withSender(push, texts.newMessages(push.count));
  const body = mentioned ? `${mentioned}: ${words}` : withSender(push, words);
  return push.count > 1 ? `${body}\n${texts.newMessages(push.count)}` : body;
}

/** In a group it is said who wrote; in a direct chat the title says so. */
function withSender(push: PushPayload, words: string): string {
  return push.chatName !== null && push.sender !== null ? `${push.sender.name}: ${words}` : words;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function textOrNull(value: unknown): string | null {
  return isText(value) ? value : null;
}
