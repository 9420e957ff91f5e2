import { type ClientEvents, inboxKinds, type Status, type StatusAuthor, type Statuses } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { createStatusFeed, isOver, sectionsOf } from '../../src/statuses/statusFeed';

const Me = 1;
const scopes: ReturnType<typeof effectScope>[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
  vi.useRealTimers();
});

const authorOf = (authorId: number, unseen: number, muted = false): StatusAuthor => ({
  authorId,
  name: `Person ${authorId}`,
  ownName: null,
  avatar: null,
  total: 3,
  unseen,
  muted,
  newestId: authorId * 10,
  newestAt: '2026-11-28T10:00:00Z',
});

const statusOf = (id: number, over: Partial<Status> = {}): Status => ({
  id,
  authorId: 2,
  kind: 'text',
  text: `text ${id}`,
  background: null,
  font: null,
  media: null,
  createdAt: '2026-11-28T10:00:00Z',
  expiresAt: '2999-01-01T00:00:00Z',
  seen: false,
  ...over,
});

function setup(answers: { authors?: Statuses['authors'] } = {}) {
  const handlers = new Map<string, (payload: never) => void>();
  const client = {
    me: { principalId: Me, name: 'I' },
    on: (event: string, handler: (payload: never) => void) => {
      handlers.set(event, handler);
      return () => void handlers.delete(event);
    },
  };
  const statuses = {
    authors: vi.fn(
      answers.authors ?? (async () => ({ authors: [authorOf(2, 2), authorOf(3, 0), authorOf(4, 1, true)], nextCursor: null })),
    ),
    of: vi.fn(async () => [statusOf(1, { authorId: Me, seen: true })]),
    view: vi.fn(async (_: number) => undefined),
    mute: vi.fn(async (_: number) => undefined),
    unmute: vi.fn(async (_: number) => undefined),
    delete: vi.fn(async (_: number) => undefined),
  };
  const scope = effectScope();
  scopes.push(scope);
  const feed = scope.run(() => createStatusFeed({ client, server: {}, meId: Me } as never, statuses as never));
  if (!feed) throw new Error('no scope');
  const tell = <K extends keyof ClientEvents>(event: K, payload: ClientEvents[K]) => handlers.get(event)?.(payload as never);
  return { feed, statuses, tell, handlers, leave: () => scope.stop() };
}
const settle = () => vi.advanceTimersByTimeAsync(0);
const ids = (authors: readonly StatusAuthor[]) => authors.map(({ authorId }) => authorId);

it('sorts those with something new, those that were looked at, and those that are muted', async () => {
  const { feed } = setup();
  expect(feed.state.value).toBe('loading');
  await settle();
  const { recent, viewed, muted } = sectionsOf(feed.authors.value);
  expect([ids(recent), ids(viewed), ids(muted), feed.hasUnseen.value, feed.state.value]).toEqual([[2], [3], [4], true, 'done']);
});

it('reads all pages of those who show something', async () => {
  const { feed } = setup({
    authors: async ({ cursor } = {}) =>
      cursor ? { authors: [authorOf(9, 1)], nextCursor: null } : { authors: [authorOf(2, 1)], nextCursor: 'more' },
  });
  await settle();
  expect(ids(feed.authors.value)).toEqual([2, 9]);
});

it('a look is told once, and counts here at once; what could not be told is asked for anew', async () => {
  const { feed, statuses } = setup();
  await settle();
  await feed.look(statusOf(21));
  expect(feed.authors.value[0]?.unseen).toBe(1);
  await feed.look(statusOf(22, { seen: true }));
  await feed.look(statusOf(23, { authorId: Me }));
  expect(statuses.view.mock.calls).toEqual([[21]]);
  statuses.view.mockRejectedValueOnce(new Error('away'));
  await feed.look(statusOf(24));
  await settle();
  expect([feed.authors.value[0]?.unseen, statuses.authors.mock.calls.length]).toEqual([2, 2]);
});

it('one that is looked at twice counts once, unless the first look could not be told', async () => {
  const { feed, statuses } = setup({ authors: async () => ({ authors: [authorOf(2, 3)], nextCursor: null }) });
  await settle();
  await Promise.all([feed.look(statusOf(21)), feed.look(statusOf(21))]);
  await feed.look(statusOf(22));
  await feed.look(statusOf(21));
  expect([feed.authors.value[0]?.unseen, statuses.view.mock.calls]).toEqual([1, [[21], [22]]]);
  statuses.view.mockRejectedValueOnce(new Error('away'));
  await feed.look(statusOf(23));
  await feed.look(statusOf(23));
  expect(statuses.view.mock.calls.slice(2)).toEqual([[23], [23]]);
});

it('follows what is posted, what another device looked at, and a reconnect', async () => {
  const { feed, statuses, tell } = setup();
  await settle();
  tell('inbox', { kind: inboxKinds.statuses_changed, senderId: Me, subjectId: Me, replyTo: null, text: null });
  await settle();
  tell('inbox', { kind: inboxKinds.status_viewed, senderId: Me, subjectId: 2, replyTo: 21, text: null });
  await settle();
  tell('people', { kind: 'contact', principalId: 3 });
  await settle();
  tell('people', { kind: 'profile', principalId: null });
  tell('state', { from: { kind: 'idle' }, to: { kind: 'online' } } as never);
  await settle();
  expect([statuses.authors.mock.calls.length, feed.looks.value]).toEqual([5, 0]);
});

it('somebody’s look at one’s own is counted, and the list not asked for', async () => {
  const { feed, statuses, tell } = setup();
  await settle();
  tell('inbox', { kind: inboxKinds.status_viewed, senderId: 3, subjectId: Me, replyTo: 1, text: null });
  await settle();
  expect([feed.looks.value, statuses.authors.mock.calls.length]).toEqual([1, 1]);
});

it('asks one at a time, and once more for all that changed meanwhile', async () => {
  const { feed, statuses } = setup();
  void feed.refresh();
  void feed.refresh();
  await settle();
  expect(statuses.authors).toHaveBeenCalledTimes(2);
});

it('says when there is nothing and nothing can be had; keeps what it has when it cannot be had anew', async () => {
  let isAway = true;
  const { feed, statuses } = setup({
    authors: async () => {
      if (isAway) throw new Error('away');
      return { authors: [authorOf(2, 2), authorOf(3, 0), authorOf(4, 1)], nextCursor: null };
    },
  });
  await settle();
  expect(feed.state.value).toBe('failed');
  isAway = false;
  await feed.refresh();
  expect(feed.state.value).toBe('done');
  statuses.authors.mockRejectedValueOnce(new Error('away'));
  await feed.refresh();
  expect([feed.state.value, feed.authors.value.length]).toEqual(['done', 3]);
});

it('mutes, unmutes and deletes here as there; what is refused changes nothing', async () => {
  const { feed, statuses } = setup();
  await settle();
  await feed.setMuted(2, true);
  await feed.setMuted(4, false);
  expect([ids(sectionsOf(feed.authors.value).muted), statuses.mute.mock.calls, statuses.unmute.mock.calls]).toEqual([[2], [[2]], [[4]]]);
  statuses.mute.mockRejectedValueOnce(new Error('no'));
  await expect(feed.setMuted(3, true)).rejects.toThrow('no');
  expect(ids(sectionsOf(feed.authors.value).muted)).toEqual([2]);
  await feed.remove(1);
  expect(feed.own.value).toEqual([]);
});

it('hears nothing once it is left', () => {
  const { handlers, leave } = setup();
  leave();
  expect(handlers.size).toBe(0);
});

it('knows what is over', () => {
  const status = statusOf(1, { expiresAt: '2026-11-28T10:00:00Z' });
  const at = Date.parse(status.expiresAt);
  expect([isOver(status, at - 1), isOver(status, at)]).toEqual([false, true]);
});
