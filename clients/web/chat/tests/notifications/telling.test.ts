import type { NotificationPlace, PushedMessage } from '@chat/sdk/worker';
import { expect, it } from 'vitest';
import { createTelling, isTold } from '../../src/notifications/telling';

const payload = {
  v: 1,
  kind: 'message',
  chat: 7,
  sequence: 9,
  sender: { id: 4, name: 'Anna' },
  text: 'Moin',
  count: 1,
  at: '2026-01-01T00:00:00Z',
};
const told = (sequence: number, over: Partial<PushedMessage> = {}) => ({
  tell: {
    kind: 'message' as const,
    chatId: 7,
    sequence,
    sender: { id: 4, name: 'Anna' },
    chatName: null,
    text: `text ${sequence}`,
    content: null,
    mention: false,
    count: 1,
    badge: null,
    at: '2026-01-01T00:00:00Z',
    ...over,
  },
  owner: 1,
  silent: false,
});
const call = (kind: 'call' | 'missed_call' | 'call_ended') => ({
  tell: { kind, chatId: 7, callId: 3, callKind: 'video', sender: { id: 4, name: 'Anna' }, chatName: null, at: '2026-01-01T00:00:00Z' },
  owner: 1,
  silent: false,
});

function setup() {
  const shown = new Map<string, { data: unknown; close(): void }>();
  const lines: string[] = [];
  const looks: NotificationOptions[] = [];
  const place: NotificationPlace = {
    showNotification: async (title, options) => {
      const tag = options.tag ?? '';
      lines.push(`${title}|${options.body}${options.silent ? '|silent' : ''}`);
      looks.push(options);
      shown.set(tag, { data: options.data, close: () => void shown.delete(tag) });
    },
    getNotifications: async ({ tag }) => [...shown].filter(([held]) => held === tag).map(([, one]) => one),
  };
  const at = { owner: 1 as number | null, language: 'en', seenBy: 0, ended: 0 };
  const telling = createTelling(place, {
    owner: async () => at.owner,
    language: async () => at.language,
    isSeen: async (owner) => owner === at.seenBy,
    end: async () => {
      at.ended += 1;
    },
  });
  return { telling, shown, lines, looks, at };
}

it('shows what is pushed with the icon of the page, and nothing while somebody looks at it', async () => {
  const { telling, lines, looks, at } = setup();
  await telling.pushed({ json: () => payload });
  expect([lines, looks[0]]).toMatchObject([['Anna|Moin'], { icon: '/icons/192.png', badge: '/icons/badge.png', tag: '1-chat-7' }]);
  at.seenBy = 1;
  await telling.pushed({ json: () => ({ ...payload, sequence: 10 }) });
  await telling.told(told(11));
  expect(lines.length).toBe(1);
});

it('says nothing of who has signed out, and has it end', async () => {
  const { telling, lines, looks, at } = setup();
  at.owner = null;
  await telling.pushed({ json: () => payload });
  expect([lines, looks[0]?.tag, looks[0]?.data, at.ended]).toEqual([['Chat|New message'], 'unknown', undefined, 1]);
});

it('keeps two accounts apart that are in one chat', async () => {
  const { telling, lines, looks, at } = setup();
  at.seenBy = 1;
  at.owner = 2;
  await telling.pushed({ json: () => payload });
  await telling.told(told(9));
  at.seenBy = 2;
  await telling.told(told(9));
  expect(lines).toEqual(['Anna|Moin', 'Anna|text 9']);
  expect(looks.map(({ tag, data }) => [tag, (data as { owner: number }).owner])).toEqual([
    ['2-chat-7', 2],
    ['1-chat-7', 1],
  ]);
});

it('has words for all that is pushed, and for what it does not know', async () => {
  const { telling, lines } = setup();
  await telling.pushed({ json: () => ({ ...payload, chatName: 'Team', mention: true, text: undefined, content: 'image', count: 2 }) });
  await telling.pushed({ json: () => ({ ...payload, chat: 8, text: undefined, content: 'hologram' }) });
  await telling.pushed({ json: () => ({ ...payload, chat: 9, sender: undefined, text: undefined }) });
  await telling.pushed({ json: () => ({ v: 2 }) });
  await telling.pushed(null);
  expect(lines).toEqual([
    'Team|Anna mentioned you: Image\n2 new messages',
    'Anna|Message',
    'Chat|New message',
    'Chat|New message',
    'Chat|New message',
  ]);
});

it('tells once what several pages tell, by sequence', async () => {
  const { telling, lines } = setup();
  await Promise.all([telling.told(told(5)), telling.told(told(5)), telling.told(told(4)), telling.told({ ...told(6), silent: true })]);
  expect(lines).toEqual(['Anna|text 5', 'Anna|text 6|silent']);
});

it('rings once, says that a call was missed, and takes away one that was answered', async () => {
  const { telling, lines, shown } = setup();
  for (const kind of ['call', 'call', 'missed_call', 'missed_call'] as const) await telling.told(call(kind));
  expect(lines).toEqual(['Anna|Incoming video call', 'Anna|Missed video call']);
  await telling.told(call('call_ended'));
  expect([lines.length, shown.size]).toEqual([2, 0]);
});

it('goes on after one that could not be shown', async () => {
  const { telling, lines } = setup();
  await expect(
    telling.told({
      tell: {
        ...told(1).tell,
        at: null,
        kind: 'message',
        sender: null,
        get text(): string {
          throw new Error('no');
        },
      } as never,
      owner: 1,
      silent: false,
    }),
  ).rejects.toThrow('no');
  await telling.told(told(2));
  expect(lines).toEqual(['Anna|text 2']);
});

it('takes from a page only what is to be told', () => {
  for (const data of [null, 1, 'take over', {}, { tell: null }, { tell: {} }]) expect(isTold(data)).toBe(false);
  expect(isTold(told(1))).toBe(true);
});

it('speaks what the page speaks, as that is when it tells', async () => {
  const { telling, lines, at } = setup();
  const withoutText = { ...payload, text: undefined };
  await telling.pushed({ json: () => withoutText });
  at.language = 'ja-JP';
  await telling.pushed({ json: () => ({ ...withoutText, sequence: 10, count: 3 }) });
  at.language = 'ar-EG';
  await telling.pushed({ json: () => ({ ...withoutText, sequence: 11, mention: true }) });
  at.owner = null;
  await telling.pushed({ json: () => payload });
  expect(lines).toEqual(['Anna|New message', 'Anna|新着メッセージ3件', 'Anna|أشار إليك \u2068Anna\u2069', 'Chat|رسالة جديدة']);
});
