import { expect, test } from 'vitest';
import { replies } from '../src/frames/replies.js';
import { createAvatars } from '../src/people/avatars.js';
import { refusal } from './support/fake-server.js';
import { online } from './support/world.js';

type Asked = { principalIds: readonly number[] };

async function setup(avatars: Readonly<Record<number, string | null>>) {
  const made = await online();
  const asked: (readonly number[])[] = [];
  made.server.answers.set('getPrincipals', ({ principalIds }: Asked) => {
    asked.push(principalIds);
    const principals = principalIds
      .filter((id) => id in avatars)
      .map((principalId) => ({ principalId, kind: 1, name: `P${principalId}`, about: null, avatar: avatars[principalId] ?? null }));
    return { frame: replies.principals, value: { principals } as never };
  });
  return { ...made, asked, avatars: createAvatars(made.client, { clock: made.clock }) };
}

test('what is wanted at the same time is asked for together, and each once', async () => {
  const { clock, asked, avatars } = await setup({ 2: 'file-2', 3: null });
  const answers = Promise.all([avatars.of(2), avatars.of(3), avatars.of(2), avatars.of(4)]);
  await clock.advance(20);
  expect(await answers).toEqual(['file-2', null, 'file-2', null]);
  expect(asked).toEqual([[2, 3, 4]]);
  const again = avatars.of(2);
  await clock.advance(20);
  expect([await again, asked.length]).toEqual(['file-2', 2]);
});

test('more than a request takes are asked for in several', async () => {
  const { clock, asked, avatars } = await setup({ 250: 'last' });
  const answers = Promise.all(Array.from({ length: 250 }, (_, i) => avatars.of(i + 1)));
  await clock.advance(20);
  expect((await answers).at(-1)).toBe('last');
  expect(asked.map((ids) => ids.length)).toEqual([200, 50]);
});

test('a refusal is told to all who wait, and the next one asks again', async () => {
  const { clock, server, avatars } = await setup({});
  server.answers.set('getPrincipals', () => refusal(100));
  const waiting = [avatars.of(2), avatars.of(3)].map((one) => expect(one).rejects.toMatchObject({ code: 100 }));
  await clock.advance(20);
  await Promise.all(waiting);
  server.answers.delete('getPrincipals');
  const again = avatars.of(2);
  await clock.advance(20);
  expect(await again).toBeNull();
});
