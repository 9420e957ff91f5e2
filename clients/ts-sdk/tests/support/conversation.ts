import { typingPushes } from '../../src/chats/typing.js';
import { presencePushes } from '../../src/people/presences.js';
import { peer } from './fake-server.js';
import { online, type World } from './world.js';

/** Online, with a direct chat 7 of a few messages and a group 8 of one. */
export function conversation(length = 3): Promise<World> {
  return online({}, (server) => {
    const chat = server.addChat(7);
    for (let i = 1; i <= length; i++) chat.append(`m${i}`);
    chat.readUpTo = chat.deliveredUpTo = 1;
    server.addChat(8, 2, [peer, 3]).append('in the group', 3, { createdAtMs: 10 });
  });
}

export async function types(world: World, principalId: number, active: boolean): Promise<void> {
  world.server.connection.push(typingPushes.typing, { chatId: 7, principalId, active });
  await world.clock.advance(0);
}

export async function isSeen(world: World, principalId: number, seen: boolean): Promise<void> {
  world.server.connection.push(presencePushes.presence, { principalId, online: seen, lastSeenMs: seen ? null : 5_000 });
  await world.clock.advance(0);
}
