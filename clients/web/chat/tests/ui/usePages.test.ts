import { afterEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { usePages } from '../../src/ui/usePages';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const page = (items: readonly number[], nextCursor: string | null = null) => ({ items, nextCursor });

function setup(...answers: (ReturnType<typeof page> | Error)[]) {
  const ask = vi.fn(async (_from: { readonly cursor?: string }) => {
    const answer = answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('not asked for');
    return answer;
  });
  const scope = effectScope();
  scopes.push(scope);
  const pages = scope.run(() => usePages(ask, (held: readonly number[], found) => [...held, ...found.items]));
  if (!pages) throw new Error('no scope');
  return { ...pages, ask, answers, leave: () => scope.stop() };
}

it('gives page after page, and asks for none that is not there', async () => {
  const { items, state, hasMore, more, ask } = setup(page([1, 2], 'two'), page([3]));
  expect(state.value).toBe('loading');
  await more(); // while one is on its way
  await settle();
  expect([items.value, state.value, hasMore.value]).toEqual([[1, 2], 'done', true]);
  await more();
  expect([items.value, hasMore.value]).toEqual([[1, 2, 3], false]);
  await more();
  expect(ask.mock.calls).toEqual([[{}], [{ cursor: 'two' }]]);
});

it('a page that failed is asked for again, the first or a later one', async () => {
  const { items, state, more, ask } = setup(new Error('away'), page([1], 'two'), new Error('away'), page([2]));
  await settle();
  expect(state.value).toBe('failed');
  await more();
  await more();
  expect([state.value, items.value]).toEqual(['failed', [1]]);
  await more();
  expect([state.value, items.value, ask.mock.calls.at(-1)]).toEqual(['done', [1, 2], [{ cursor: 'two' }]]);
});

it('begins anew with what is held until then, and what was asked for before is not taken', async () => {
  const { items, state, refresh, more, ask } = setup(page([1], 'two'), page([9]), page([7]));
  await settle();
  let late: () => void = () => undefined;
  ask.mockImplementationOnce(() => new Promise((resolve) => (late = () => resolve(page([2])))));
  const old = more();
  await refresh();
  expect([items.value, state.value]).toEqual([[9], 'done']);
  late();
  await old;
  expect(items.value).toEqual([9]);
  const again = refresh();
  expect([items.value, state.value]).toEqual([[9], 'done']);
  await again;
  expect(items.value).toEqual([7]);
});

it('a new beginning that failed is begun again, and not gone on from what is held', async () => {
  const { items, state, refresh, more, ask } = setup(page([1], 'two'), new Error('away'), page([9]));
  await settle();
  await refresh();
  expect([state.value, items.value]).toEqual(['failed', [1]]);
  await more();
  expect([ask.mock.calls.at(-1), items.value]).toEqual([[{}], [9]]);
});

it('nothing is taken when its view is gone', async () => {
  const { items, leave } = setup(page([1]));
  leave();
  await settle();
  expect(items.value).toEqual([]);
});
