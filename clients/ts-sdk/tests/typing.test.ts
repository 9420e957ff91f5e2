import { expect, test } from 'vitest';
import { createTyping, typingPushes } from '../src/chats/typing.js';
import { me, peer } from './support/fake-server.js';
import { online, type World } from './support/world.js';

async function opened(): Promise<World> {
  return online({}, (server) => server.addChat(7).append('first', peer));
}

test('others are forgotten after 6 s, when it ends, and when the message comes, and not when they do something else', async () => {
  const made = await opened();
  const told: (readonly number[])[] = [];
  const typing = createTyping(made.client, (chatId) => told.push(typing.typists(chatId)));
  const push = (active: boolean): void => made.server.connection.push(typingPushes.typing, { chatId: 7, principalId: peer, active });
  push(true);
  expect(typing.typists(7)).toEqual([peer]);
  expect(typing.typists(8)).toEqual([]);
  await made.clock.advance(5_000);
  push(true);
  await made.clock.advance(5_999);
  expect(typing.typists(7)).toEqual([peer]);
  await made.clock.advance(1);
  expect(typing.typists(7)).toEqual([]);
  push(true);
  push(false);
  push(true);
  const reaction = made.server.chats.get(7)?.append('', peer, { kind: 12, replyTo: 1, text: '👍' });
  if (reaction !== undefined) made.server.connection.event(reaction);
  expect(typing.typists(7)).toEqual([peer]);
  made.server.say(7, 'typed');
  expect(told).toEqual([[peer], [], [peer], [], [peer], []]);
});

test('oneself is not shown', async () => {
  const made = await opened();
  const typing = createTyping(made.client);
  made.server.connection.push(typingPushes.typing, { chatId: 7, principalId: me, active: true });
  expect(typing.typists(7)).toEqual([]);
});

test('of oneself is told at once, every 3 s while keys are pressed, and its end', async () => {
  const made = await opened();
  const typing = createTyping(made.client);
  const told = (): boolean[] => made.server.received('setTyping').map(({ active }) => active);
  for (let i = 0; i < 40; i++) {
    typing.start(7);
    await made.clock.advance(100);
  }
  expect(told()).toEqual([true, true]);
  await made.clock.advance(5_000);
  expect(told()).toEqual([true, true, true, false]);
  typing.start(7);
  made.client.chat(7).send({ text: 'sent' });
  await made.clock.advance(10_000);
  expect(told()).toEqual([true, true, true, false, true]);
});

test('ends with the client, and hears nothing once it is closed', async () => {
  const made = await opened();
  const typing = createTyping(made.client);
  const push = (): void => made.server.connection.push(typingPushes.typing, { chatId: 7, principalId: peer, active: true });
  push();
  await made.client.close();
  expect(typing.typists(7)).toEqual([]);
  await made.client.connect();
  typing.close();
  push();
  expect(typing.typists(7)).toEqual([]);
});
