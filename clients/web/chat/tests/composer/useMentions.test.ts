import type { Chat, Member } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { effectScope, ref } from 'vue';
import { matching, mentionQuery, movedMarks } from '../../src/composer/mentionMarks';
import { mentionKey, useMentions } from '../../src/composer/useMentions';

it.each([
  ['@', { start: 0, query: '' }],
  ['hi @An', { start: 3, query: 'An' }],
  ['(@佐', { start: 1, query: '佐' }],
  ['mail anna@example', null],
  ['@Anna ', null],
  ['@@', null],
  ['none', null],
])('after %s it is asked for %o', (text, query) => expect(mentionQuery(text, text.length)).toEqual(query));

it('finds names by the beginning of any word, whatever its accents, the name’s own beginning first', () => {
  const people = ['Carla Núñez', 'Nuria', 'Anna', 'Ann-Marie'].map((name) => ({ name }));
  expect(matching(people, 'nu', 'en').map(({ name }) => name)).toEqual(['Nuria', 'Carla Núñez']);
  expect(matching(people, 'ANN', 'en').map(({ name }) => name)).toEqual(['Ann-Marie', 'Anna']);
  expect(matching(people, '', 'en', 2)).toHaveLength(2);
  expect(matching(people, 'x', 'en')).toEqual([]);
});

const anna = { start: 3, text: '@Anna', principalId: 2 };
it.each([
  ['hi @Anna!', 'oh, hi @Anna!', [7]],
  ['hi @Anna!', 'i @Anna!', [2]],
  ['hi @Anna!', 'hi @Anna! and more', [3]],
  ['hi @Anna!', 'hi @Ann!', []],
  ['hi @Anna!', 'hi @An na!', []],
  ['hi @Anna!', '', []],
  ['hi @Anna', 'hi @Anna @Anna', [3]],
])('%s becomes %s', (before, after, starts) => expect(movedMarks([anna], before, after).map(({ start }) => start)).toEqual(starts));

it('keys are for the names, but not those that end a composition', () => {
  const press = (key: string, rest = {}) => mentionKey({ key, isComposing: false, keyCode: 0, shiftKey: false, ...rest });
  expect(['ArrowDown', 'ArrowUp', 'Enter', 'Tab', 'Escape', 'a'].map((key) => press(key))).toEqual([
    'next',
    'previous',
    'pick',
    'pick',
    'close',
    null,
  ]);
  const none = [{ isComposing: true }, { keyCode: 229 }, { shiftKey: true }];
  expect(none.map((rest) => press('Enter', rest))).toEqual([null, null, null]);
});

async function made(kind: 'group' | 'direct' = 'group') {
  const text = ref('');
  const people = [
    [1, 'Me'],
    [2, 'Anna'],
    [3, 'Ben Okafor'],
  ].map(([principalId, name]) => ({ principalId, name }) as Member);
  const members = vi.fn(async () => people);
  const scope = effectScope();
  const used = scope.run(() => useMentions(text, { id: 7, members, summary: { kind } } as unknown as Chat, 1, () => 'en'));
  if (!used) throw new Error('the scope is active');
  const write = async (now: string, caret = now.length) => {
    text.value = now;
    used.look(caret);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ...used, text, members, write };
}

it('offers the others of a group, and keeps whom one picked while one writes before it', async () => {
  const { write, offered, move, active, pick, text, marks, members } = await made();
  await write('  Hello');
  expect(members).not.toHaveBeenCalled();
  await write('  Hello @');
  expect(offered.value.map(({ name }) => name)).toEqual(['Anna', 'Ben Okafor']);
  move(-1);
  expect(active.value).toBe(1);
  const [, ben] = offered.value;
  expect(ben && pick(ben)).toBe(20);
  expect([text.value, offered.value]).toEqual(['  Hello @Ben Okafor ', []]);
  await write('  Hello, dear @Ben Okafor ', 12);
  await write('  Hello, dear @Ben Okafor see @an');
  const [found] = offered.value;
  if (found) pick(found);
  expect(text.value.trim()).toBe('Hello, dear @Ben Okafor see @Anna');
  expect(marks()).toEqual([
    { kind: 'mention', start: 12, length: 11, principalId: 3 },
    { kind: 'mention', start: 28, length: 5, principalId: 2 },
  ]);
  await write('');
  expect(marks()).toEqual([]);
});

it('asks for nobody in a direct chat, and offers nobody when the service is away', async () => {
  const direct = await made('direct');
  await direct.write('@');
  expect(direct.members).not.toHaveBeenCalled();
  const away = await made();
  away.members.mockRejectedValueOnce(new Error('away'));
  await away.write('@');
  expect(away.offered.value).toEqual([]);
  await away.write('');
  await away.write('@');
  expect(away.offered.value).toHaveLength(2);
});
