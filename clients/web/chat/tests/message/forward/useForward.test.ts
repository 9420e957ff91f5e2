import type { ChatItem, ChatSummary } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { shallowRef } from 'vue';
import { MostChats, useForward } from '../../../src/message/forward/useForward';
import { item } from '../item';

const chat = (chatId: number, name: string, rest: object = {}) =>
  ({ chatId, name, kind: 'group', role: 'member', details: { sendRole: 'member' }, ...rest }) as unknown as ChatSummary;

it('offers the chats that one can write to, by their names', () => {
  const chats = shallowRef([
    chat(1, 'Launch team'),
    chat(2, 'News', { kind: 'channel' }),
    chat(3, 'Quiet', { details: { sendRole: 'admin' } }),
    chat(4, 'Loud'),
  ]);
  const { query, shown } = useForward(item(1, 0), { forward: vi.fn() }, chats);
  expect(shown.value.map((one) => one.chatId)).toEqual([1, 4]);
  query.value = 'lou';
  expect(shown.value.map((one) => one.chatId)).toEqual([4]);
});

it('sends to all that are chosen, and says to how many it went and what refused it', async () => {
  const fault = new Error('blocked');
  const forward = vi.fn((_: ChatItem, id: number) => ({ sent: id === 2 ? Promise.reject(fault) : Promise.resolve() }));
  const { toggle, send, chosen, isFull } = useForward(item(1, 0), { forward: forward as never }, shallowRef([]));
  for (const id of [1, 2, 3, 3]) toggle(id);
  toggle(3);
  expect(chosen.value).toEqual([1, 2, 3]);
  expect(await send()).toEqual({ done: 2, faults: [fault] });

  for (let id = 10; id < 40; id++) toggle(id);
  expect(isFull.value).toBe(true);
  expect(chosen.value.length).toBe(MostChats);
});
