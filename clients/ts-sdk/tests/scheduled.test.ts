import { expect, test } from 'vitest';
import { followScheduled, LiveScheduled, type ScheduledChange } from '../src/scheduled/scheduled.js';
import { me } from './support/fake-server.js';
import { online } from './support/world.js';

type Call = [string, string, unknown];

function scheduledWith(answer: (path: string) => unknown): { scheduled: LiveScheduled; calls: Call[] } {
  const calls: Call[] = [];
  const scheduled = new LiveScheduled(async (method, path, body) => {
    calls.push([method, path, body]);
    return answer(path);
  });
  return { scheduled, calls };
}

const plain = {
  id: 81,
  chatId: 7,
  clientMessageId: '5b1f0c1e-8f57-4f0e-9a53-0f6a4b1f3c82',
  state: 'waiting',
  dueAt: '2030-01-01T00:00:00+00:00',
  createdAt: '2026-01-01T00:00:00+00:00',
  changedAt: '2026-01-01T00:00:00+00:00',
  version: 1,
  message: { text: 'At sea' },
  reason: null,
  sequence: null,
};
const dueAt = new Date('2030-01-01T00:00:00Z');

test('a message is scheduled under the id given, or one of its own that a retry has, too', async () => {
  const calls: { clientMessageId: string }[] = [];
  let isLost = true;
  const scheduled = new LiveScheduled(async (_method, _path, body) => {
    calls.push(body as { clientMessageId: string });
    if (isLost) throw new Error('lost');
    return plain;
  });
  const wished = { chatId: 7, dueAt, message: { text: 'At sea', replyTo: 3 } };

  await expect(scheduled.schedule(wished)).rejects.toThrow('lost');
  isLost = false;
  expect(await scheduled.schedule(wished)).toEqual(plain);
  await scheduled.schedule({ ...wished });
  await scheduled.schedule({ ...wished, clientMessageId: plain.clientMessageId });

  const [first, retry, other, given] = calls;
  expect(first?.clientMessageId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(retry).toEqual(first);
  expect(other?.clientMessageId).not.toBe(first?.clientMessageId);
  expect(given).toEqual({ clientMessageId: plain.clientMessageId, dueAt, message: { text: 'At sea', replyTo: 3 } });
});

test('each call goes where it should', async () => {
  const { scheduled, calls } = scheduledWith((path) =>
    path.includes('?') || path === '/api/scheduled' ? { items: [plain], nextCursor: '5.81' } : plain,
  );

  await scheduled.schedule({ chatId: 7, dueAt, message: { text: 'At sea' } });
  expect(await scheduled.list({ chatId: 7, cursor: '4.80', limit: 5 })).toEqual({ messages: [plain], nextCursor: '5.81' });
  await scheduled.list();
  await scheduled.change(81, { dueAt, version: 1 });
  await scheduled.sendNow(81);
  await scheduled.cancel(81);

  expect(calls.map(([method, path]) => `${method} ${path}`)).toEqual([
    'POST /api/chats/7/scheduled',
    'GET /api/scheduled?chat=7&cursor=4.80&limit=5',
    'GET /api/scheduled',
    'PUT /api/scheduled/81',
    'POST /api/scheduled/81/send',
    'DELETE /api/scheduled/81',
  ]);
  expect(calls[3]?.[2]).toEqual({ dueAt, version: 1 });
});

test('contents are read without what they do not say, and so are ends and later states', async () => {
  const content = {
    kind: 'voice',
    forwarded: null,
    marks: [{ kind: 'bold', start: 0, length: 2, principalId: null }],
    media: { blobId: 'b', contentType: 'audio/ogg', bytes: 9, fileName: null, waveform: [] },
    location: null,
  };
  const items = [
    { ...plain, state: 'failed', reason: 'not_a_member', message: { text: '', replyTo: 3, content } },
    { ...plain, state: 'sent', sequence: 9, message: null },
    { ...plain, state: 'dreamt' },
  ];
  const { scheduled } = scheduledWith(() => ({ items }));

  const [failed, sent, later] = (await scheduled.list()).messages;

  expect(failed?.message).toEqual({
    text: '',
    replyTo: 3,
    content: {
      kind: 'voice',
      marks: [{ kind: 'bold', start: 0, length: 2 }],
      media: { blobId: 'b', contentType: 'audio/ogg', bytes: 9 },
    },
  });
  expect(failed?.reason).toBe('not_a_member');
  expect([sent?.message, sent?.sequence]).toEqual([null, 9]);
  expect(later?.state).toBe('unknown');
});

test('what becomes of one is told until nobody follows', async () => {
  const made = await online({}, (server) => server.addChat(7));
  const told: ScheduledChange[] = [];
  const stop = followScheduled(made.client, (change) => told.push(change));
  const push = (kind: number, id: number | null) =>
    made.server.connection.event({ ...made.server.inbox.append('', me, { kind, text: null, subjectId: 7 }), replyTo: id });

  push(45, 81);
  push(37, 82);
  push(45, null);
  await made.clock.advance(0);
  expect(told).toEqual([{ chatId: 7, id: 81 }]);

  stop();
  push(45, 83);
  await made.clock.advance(0);
  expect(told).toHaveLength(1);
});
