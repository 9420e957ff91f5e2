import { describe, expect, test } from 'vitest';
import { me, peer, refusal } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const removed = 9;
const deleted = 46;
const chatNotFound = 200;
const chatDeleted = 219;

/** A group that is deleted: the server knows nothing of it from then on. */
async function group(): Promise<World> {
  return online({}, (server) => {
    const chat = server.addChat(7, 2);
    chat.append('hello', peer);
    server.addChat(8).append('stays', peer);
  });
}

/** The chat's own last event. */
async function end(made: World): Promise<void> {
  const event = made.server.chats.get(7)?.append('', peer, { kind: deleted, text: null });
  made.server.chats.delete(7);
  if (event !== undefined) made.server.connection.event(event);
  await made.clock.advance(0);
}

async function inbox(made: World, text: string | null): Promise<void> {
  made.server.chats.delete(7);
  made.server.connection.event(made.server.inbox.append('', peer, { kind: removed, subjectId: 7, text }));
  await made.clock.advance(0);
}

const listed = (made: World): number[] => made.client.chats.items.map((chat) => chat.chatId);

describe('a chat that is deleted for everyone', () => {
  test('is gone from the list with its last event, which the app hears, and nothing is marked in it', async () => {
    const made = await group();
    const marks: number[] = [];
    made.server.answers.set('markDelivered', ({ chatId, upTo }: { chatId: number; upTo: number }) => {
      if (chatId === 7) marks.push(upTo);
      return 'default';
    });
    await end(made);
    await made.clock.advance(5_000);
    expect(listed(made)).toEqual([8]);
    expect(made.heard.at(-1)).toMatchObject({ chatId: 7, kind: 'chat_deleted' });
    expect(marks).not.toContain(made.heard.at(-1)?.sequence);
    await inbox(made, 'deleted');
    expect(listed(made)).toEqual([8]);
  });

  test('was taken to its end, so nothing of it is void, and what the inbox says then is nothing new', async () => {
    const made = await group();
    const told: unknown[] = [];
    made.client.on('discontinuity', (event) => told.push(event));
    await end(made);
    await inbox(made, 'deleted');
    expect(told).toEqual([]);
    expect(made.client.dump().positions.map((position) => position.chatId)).not.toContain(7);
  });

  test('is gone by what the inbox says alone, and what is held of it is void', async () => {
    const made = await group();
    const told: unknown[] = [];
    made.client.on('discontinuity', (event) => told.push(event));
    await inbox(made, 'deleted');
    expect(listed(made)).toEqual([8]);
    expect(told).toEqual([{ chatId: 7, reason: 'position_void' }]);
    expect(made.client.dump().positions.map((position) => position.chatId)).not.toContain(7);
  });

  test('of which one is merely removed, what is held stays', async () => {
    const made = await group();
    const told: unknown[] = [];
    made.client.on('discontinuity', (event) => told.push(event));
    await inbox(made, null);
    expect(listed(made)).toEqual([8]);
    expect(told).toEqual([]);
  });

  test('is not there when one comes back after a month', async () => {
    const made = await group();
    made.server.connection.close(1006);
    made.server.chats.delete(7);
    await made.clock.advance(10_000);
    expect(listed(made)).toEqual([8]);
  });

  test('takes nothing that waits: each message fails with what happened', async () => {
    const made = await group();
    made.server.answers.set('sendMessage', () => refusal(chatDeleted));
    const message = made.client.chat(7).send({ text: 'too late' });
    await made.clock.advance(0);
    expect(message).toMatchObject({ state: 'failed', error: { code: chatDeleted } });
  });

  test('takes nothing that may still be under way either: behind a deletion nothing is stored', async () => {
    const made = await group();
    let tries = 0;
    made.server.answers.set('sendMessage', () => (tries++ === 0 ? refusal(402, true) : refusal(chatDeleted)));
    const message = made.client.chat(7).send({ text: 'in doubt' });
    await made.clock.advance(10_000);
    expect(message).toMatchObject({ state: 'failed', error: { code: chatDeleted } });
  });

  test('comes back by no answer from before', async () => {
    const made = await group();
    const chat = made.client.chat(7);
    let asked = 0;
    made.server.answers.set('getChat', () => (asked++ === 0 ? 'default' : refusal(chatNotFound)));
    await made.clock.advance(0);
    await end(made);
    expect(chat.summary?.chatId).toBe(7);
    expect(listed(made)).toEqual([8]);
    expect(made.client.me?.principalId).toBe(me);
  });
});
