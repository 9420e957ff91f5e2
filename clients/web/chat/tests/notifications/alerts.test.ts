import type { ChatEvent, ChatSummary } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAlertQueue } from '../../src/notifications/alertQueue';
import { type Heard, isNews, toldOf } from '../../src/notifications/alerts';

const meId = 1;
const chat = (over: object = {}, own: object = {}) =>
  ({ chatId: 7, kind: 'group', name: 'Team', readUpTo: 3, own: { mutedUntilMs: null, ...own }, ...over }) as unknown as ChatSummary;
const event = (over: object = {}) =>
  ({ chatId: 7, sequence: 4, kind: 'message', senderId: 2, own: false, text: 'Moin', createdAtMs: 0, ...over }) as unknown as ChatEvent;
const heard = (over: Partial<Heard> = {}): Heard => ({ event: event(), chat: chat(), meId, nowMs: 1_000, isAnswer: false, ...over });
const mention = { content: { kind: 'text', marks: [{ kind: 'mention', start: 0, length: 2, principalId: meId }] } };
const muted = chat({}, { mutedUntilMs: 2_000 });

it('is news what others wrote and one has not read', () => {
  expect(isNews(heard())).toBe(true);
  expect(isNews(heard({ chat: undefined }))).toBe(true);
  for (const over of [{ own: true }, { senderId: meId }, { kind: 'member_added' }, { sequence: 3 }])
    expect([over, isNews(heard({ event: event(over) }))]).toEqual([over, false]);
});

it('is news in a muted chat what mentions one or answers one, as of a push', () => {
  expect(isNews(heard({ chat: muted }))).toBe(false);
  expect(isNews(heard({ chat: muted, nowMs: 3_000 }))).toBe(true);
  expect(isNews(heard({ chat: muted, event: event(mention) }))).toBe(true);
  expect(isNews(heard({ chat: muted, event: event({ content: { ...mention.content, forwarded: { times: 1 } } }) }))).toBe(false);
  expect(isNews(heard({ chat: muted, isAnswer: true }))).toBe(true);
  expect(isNews(heard({ chat: chat({ kind: 'channel' }, { mutedUntilMs: 2_000 }), isAnswer: true }))).toBe(false);
});

it('says no more than it may', () => {
  const say = (content: 'full' | 'sender' | 'none', over: Partial<Heard> = {}) =>
    toldOf(heard({ isAnswer: true, ...over }), { senderName: 'Ben', content, count: 2 });
  const image = heard({ event: event({ text: '', content: { kind: 'image' } }) });
  expect(say('full')).toEqual({
    kind: 'message',
    chatId: 7,
    sequence: 4,
    sender: { id: 2, name: 'Ben' },
    chatName: 'Team',
    text: 'Moin',
    content: null,
    mention: true,
    count: 2,
    badge: null,
    at: '1970-01-01T00:00:00.000Z',
  });
  expect(say('full', { event: image.event })).toMatchObject({ text: null, content: 'image' });
  expect(say('full', { chat: chat({ kind: 'direct', name: null }) }).chatName).toBeNull();
  expect(say('sender', { event: image.event })).toMatchObject({
    sender: { id: 2, name: 'Ben' },
    chatName: 'Team',
    text: null,
    content: null,
  });
  expect(say('none')).toMatchObject({ sender: null, chatName: null, text: null, content: null, mention: false });
  expect(say('full', { event: event({ text: '🙂'.repeat(400) }) }).text).toBe(`${'🙂'.repeat(299)}…`);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells what comes close together once for each chat, without what was read meanwhile', () => {
  const told: [number, number, number][] = [];
  let readUpTo = 0;
  const queue = createAlertQueue(
    ({ chatId, sequence }) => chatId !== 7 || sequence > readUpTo,
    ({ event: { chatId, sequence }, count }) => told.push([chatId, sequence, count]),
  );
  for (const sequence of [4, 5, 6]) queue.add(event({ sequence }));
  queue.add(event({ chatId: 8 }));
  readUpTo = 4;
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([
    [7, 6, 2],
    [8, 4, 1],
  ]);
  queue.add(event({ sequence: 3 }));
  vi.advanceTimersByTime(1_000);
  queue.add(event({ sequence: 9 }));
  queue.stop();
  vi.advanceTimersByTime(1_000);
  expect(told.length).toBe(2);
});
