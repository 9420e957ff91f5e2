import type { ChatClient, ClientEvents, StarredPage } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { starredOf } from '../../../src/message/actions/useStarred';

function clientWith(starred: (cursor?: string) => Promise<StarredPage>) {
  let tell: (star: ClientEvents['starred']) => void = () => undefined;
  const on = (_event: string, handler: typeof tell) => {
    tell = handler;
    return () => undefined;
  };
  return { client: { on } as unknown as ChatClient, messages: { list: starred }, tell: (star: ClientEvents['starred']) => tell(star) };
}
const settle = async () => {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
};

it('knows the stars of all pages, and what is heard while they are asked for goes before them', async () => {
  const pages = [
    { messages: [{ chatId: 1, sequence: 2, text: 'a' }], nextCursor: 'x' },
    { messages: [{ chatId: 1, sequence: 1, text: 'b' }], nextCursor: null },
  ];
  const starred = vi.fn(async () => pages.shift() as StarredPage);
  const { client, messages, tell } = clientWith(starred);
  const stars = starredOf(client, messages);
  tell({ chatId: 1, sequence: 2, starred: false });
  tell({ chatId: 3, sequence: 9, starred: true });
  await settle();
  expect(starred.mock.calls).toEqual([[undefined], ['x']]);
  expect([stars.has(1, 1), stars.has(1, 2), stars.has(3, 9), stars.has(1, 9)]).toEqual([true, false, true, false]);
  expect(starredOf(client, messages)).toBe(stars);
});

it('a failed question is asked again by the next one who wants to know', async () => {
  const starred = vi.fn(async (): Promise<StarredPage> => ({ messages: [], nextCursor: null })).mockRejectedValueOnce(new Error('away'));
  const { client, messages } = clientWith(starred);
  const first = starredOf(client, messages);
  await settle();
  expect(starredOf(client, messages)).not.toBe(first);
  expect(starred).toHaveBeenCalledTimes(2);
});
