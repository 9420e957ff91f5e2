import { describe, expect, test } from 'vitest';
import type { ChatError } from '../src/errors.js';
import { peer, refusal } from './support/fake-server.js';
import { online, type World } from './support/world.js';

async function inChannel(role: number): Promise<{ world: World; errors: ChatError[] }> {
  const world = await online({}, (server) => {
    const chat = server.addChat(7, 3);
    chat.role = role;
    chat.append('News', peer, { kind: 2 });
    chat.append('first', peer);
    server.answers.set('getMembers', () => refusal(203)); // not_allowed
  });
  const errors: ChatError[] = [];
  world.client.on('error', (error) => errors.push(error));
  return { world, errors };
}

describe.each([
  ['a reader', 1],
  ['an admin', 2],
])('a channel of %s', (_, role) => {
  test('opens, and opens again after a break, without its members', async () => {
    const { world, errors } = await inChannel(role);
    const channel = world.client.chat(7);

    await channel.open();
    const mine = channel.send({ text: 'mine' });
    await world.clock.advance(0);
    world.server.say(7, 'second');
    world.server.connection.close(1006);
    await world.clock.advance(1_000);

    expect(world.client.state.kind).toBe('online');
    expect(channel.messages.items.map((item) => item.text)).toEqual(['News', 'first', 'mine', 'second']);
    expect(mine.state).toBe('sent');
    expect(world.server.received('getMembers')).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('is marked read, and never delivered', async () => {
    const { world } = await inChannel(role);
    world.server.say(7, 'second');
    await world.clock.advance(1_000);
    world.client.chat(7).markRead();
    await world.clock.advance(1_000);

    expect(world.server.received('markDelivered')).toEqual([]);
    expect(world.server.received('markRead')).toEqual([{ chatId: 7, upTo: 3 }]);
    expect(world.client.chat(7).summary).toMatchObject({ readUpTo: 3, deliveredUpTo: 3 });
  });
});

test('a group is marked delivered', async () => {
  const world = await online({}, (server) => server.addChat(7, 2, [peer]).append('first', peer));
  world.server.say(7, 'second');
  await world.clock.advance(1_000);
  expect(world.server.received('markDelivered')).toEqual([{ chatId: 7, upTo: 2 }]);
});
