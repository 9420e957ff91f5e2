import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame, type FrameValue } from '../src/frames/frame.js';
import { pushes } from '../src/frames/pushes.js';
import { replies } from '../src/frames/replies.js';
import { peer, refusal, reply } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const seed = Number(process.env['SEED'] ?? 20_260_101);
const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
const chatId = 7;

const sequence = fc.oneof(fc.nat(12), fc.constantFrom(Number.MAX_SAFE_INTEGER, 2 ** 32, 2 ** 31, 0));
const chat = fc.constantFrom(chatId, chatId, 900, 99);
const event = fc.record({
  chatId: chat,
  sequence,
  kind: fc.constantFrom(1, 1, 1, 2, 3, 10, 11, 200),
  senderId: fc.constantFrom(1, peer, 55),
  createdAtMs: fc.nat(),
  clientMessageId: fc.constant(null),
  replyTo: fc.option(sequence),
  text: fc.option(fc.string(), { nil: null }),
  subjectId: fc.option(fc.constantFrom(1, chatId, 99), { nil: null }),
  role: fc.constant(null),
  previous: fc.constant(null),
  changes: fc.constant(null),
  content: fc.constant(null),
});

type Event = FrameValue<typeof pushes.event>;

/** One thing that a server gone mad may do. */
const step = fc.oneof(
  { weight: 4, arbitrary: event.map((value) => ({ name: 'event' as const, value: value as Event })) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 60 }).map((value) => ({ name: 'bytes' as const, value })) },
  { weight: 1, arbitrary: fc.tuple(chat, sequence).map((value) => ({ name: 'gap' as const, value })) },
  { weight: 1, arbitrary: fc.nat(6).map((value) => ({ name: 'reply' as const, value })) },
  { weight: 2, arbitrary: fc.tuple(fc.nat(), fc.nat(255)).map((value) => ({ name: 'damaged' as const, value })) },
  { weight: 1, arbitrary: fc.constantFrom(1000, 1006, 1011, 4000, 4001, 4400, 4999).map((value) => ({ name: 'close' as const, value })) },
  { weight: 2, arbitrary: fc.constant({ name: 'honest' as const }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 100, 2_000, 31_000).map((value) => ({ name: 'time' as const, value })) },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function play({ server }: World, one: Step): void {
  switch (one.name) {
    case 'event':
      server.connection.event(one.value);
      break;
    case 'bytes':
      server.connection.bytes(one.value);
      break;
    case 'gap':
      server.connection.push(pushes.gap, { chatId: one.value[0], headSequence: one.value[1] });
      break;
    case 'reply':
      server.connection.bytes(encodeFrame(replies.ok, one.value, {}));
      break;
    case 'damaged': {
      const bytes = encodeFrame(pushes.gap, 0, { chatId, headSequence: 3 });
      bytes[one.value[0] % bytes.length] = one.value[1];
      server.connection.bytes(bytes);
      break;
    }
    case 'close':
      server.connection.close(one.value);
      break;
    case 'honest':
      server.say(chatId, 'honest');
      break;
    case 'time':
      break;
  }
}

/** History that does not fit what was asked for. */
const lie = fc.option(
  fc.record({
    chatId: chat,
    epoch: fc.constantFrom(33, 34),
    headSequence: sequence,
    events: fc.array(event, { maxLength: 4 }),
    coversFrom: sequence,
    coversTo: sequence,
    hasMore: fc.boolean(),
  }),
  { nil: null },
);

describe('a server gone mad', () => {
  test('neither crashes the client nor makes it hand out an event twice or backwards', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 24 }), fc.array(lie, { maxLength: 6 }), async (steps, lies) => {
        const world = await online({}, (server) => server.addChat(chatId));
        const waiting = [...lies];
        if (lies.length > 0)
          world.server.answers.set('getHistory', () => {
            const told = waiting.shift();
            if (told === undefined) return 'default';
            return told === null ? refusal(402, true, 10) : reply(replies.history, told as FrameValue<typeof replies.history>);
          });
        const last = new Map<number, number>();
        world.client.on('discontinuity', ({ chatId: of }) => last.delete(of));
        const wrong: string[] = []; // an exception in a handler would only reach the log
        world.client.on('message', (message) => {
          if (message.chatId !== chatId) return; // the server denies the others when asked: they are forgotten and begin anew
          const before = last.get(message.chatId) ?? 0;
          if (message.sequence <= before) wrong.push(`chat ${message.chatId}: ${message.sequence} behind ${before}`);
          last.set(message.chatId, message.sequence);
        });
        for (const one of steps) {
          play(world, one);
          await world.clock.advance(one.name === 'time' ? one.value : 0);
        }
        await world.client.close();
        expect(wrong).toEqual([]);
        expect(world.client.state.kind).toBe('closed');
      }),
      { seed, numRuns: runs },
    );
  }, 600_000);
});
