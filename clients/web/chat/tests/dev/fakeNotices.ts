// Notices without a server, for `npx vite --mode fake`.
import type { Notice, NoticeKind, Notices, Push } from '../../../../ts-sdk/src/index';

const HourMs = 3_600_000;
const started = Date.now();
let readUpTo = new Date(started - 10 * HourMs).toISOString();

function noticeOf(kind: NoticeKind, hours: number, over: Partial<Notice> = {}): Notice {
  const nothing = { chatId: null, chatName: null, sequence: null, text: null, content: null, emoji: null, role: null };
  const at = new Date(started - hours * HourMs).toISOString();
  return {
    id: `${kind}-${hours}`,
    kind,
    at,
    read: at <= readUpTo,
    actorId: 2,
    ...nothing,
    callId: null,
    deviceId: null,
    passkeyId: null,
    name: null,
    ...over,
  };
}

const all = () => [
  noticeOf('mention', 1, { chatId: 2, chatName: 'Weekend trip', sequence: 3, text: '@You have you seen the weather?' }),
  noticeOf('reaction', 2, { chatId: 1, sequence: 2, emoji: '👍', content: 'image' }),
  noticeOf('reply', 26, { actorId: 4, chatId: 1, sequence: 5, text: 'בסדר, נתראה מחר' }),
  noticeOf('missed_call', 30, { chatId: 1, callId: 3 }),
  noticeOf('sign_in', 75, { actorId: 1, deviceId: 7, name: 'Web · Firefox' }),
];

export function createNotices(): Notices {
  return {
    list: async () => ({ notices: all(), nextCursor: null }),
    unread: async () => ({ count: all().filter(({ read }) => !read).length, readUpTo }),
    markRead: async (upTo) => {
      readUpTo = new Date(upTo).toISOString();
    },
  };
}

export function followNotices(): () => void {
  return () => undefined;
}

export function createPush(): Push {
  return {
    enable: () => Promise.reject(new DOMException('There is no push service.', 'AbortError')),
    disable: async () => undefined,
    state: async () => ({ publicKey: null, transports: [], subscription: null }),
  };
}
