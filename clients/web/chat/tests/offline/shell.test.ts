import { expect, it, vi } from 'vitest';
import { type Answer, answerFor, createShellCache, PatienceMs, type Shell } from '../../src/offline/shell';

const origin = 'https://chat.example';
const shell: Shell = { version: 'b', paths: ['/', '/assets/new.js', '/assets/same.js', '/theme.js'] };

/** A browser's caches, by name and path. */
function fakeCaches(held: Record<string, Record<string, string>> = {}) {
  const all = new Map(Object.entries(held).map(([name, files]) => [name, new Map(Object.entries(files))]));
  const open = async (name: string) => {
    const files = all.get(name) ?? new Map<string, string>();
    all.set(name, files);
    return {
      match: async (path: string) => (files.has(path) ? new Response(files.get(path)) : undefined),
      put: async (path: string, response: Response) => void files.set(path, await response.text()),
    } as unknown as Cache;
  };
  return { all, caches: { open, keys: async () => [...all.keys()], delete: async (name: string) => all.delete(name) } };
}

const never = () => new Promise<never>(() => undefined);
const request = (path: string) => new Request(origin + path);

it('answers for the page and what it is made of, and for nothing of the service', () => {
  const cases: [string, Partial<Request>, Answer][] = [
    ['/', { mode: 'navigate' }, 'page'],
    ['/chat/7?m=3', { mode: 'navigate' }, 'page'],
    ['/statuses', { mode: 'navigate' }, 'page'],
    ['/api/docs', { mode: 'navigate' }, null],
    ['/docs/errors/101', { mode: 'navigate' }, null],
    ['/apiary', { mode: 'navigate' }, 'page'],
    ['/openapi/v1.json', { mode: 'navigate' }, null],
    ['/icon.svg', { mode: 'navigate' }, null],
    ['/assets/new.js', {}, 'hashed'],
    ['/assets/of-another-version.js', {}, null],
    ['/theme.js', {}, 'plain'],
    ['/api/chats', {}, null],
    ['/ws', {}, null],
    ['/', {}, 'plain'],
    ['/', { method: 'POST' }, null],
  ];
  for (const [path, over, how] of cases)
    expect([path, answerFor({ method: 'GET', mode: 'cors', url: origin + path, ...over }, shell, origin)]).toEqual([path, how]);
  expect(answerFor({ method: 'GET', mode: 'cors', url: 'https://elsewhere.example/theme.js' }, shell, origin)).toBeNull();
});

it('takes over what has not changed, asks for the rest, and drops other versions only then', async () => {
  const { all, caches } = fakeCaches({ 'chat-shell-a': { '/assets/same.js': 'same', '/theme.js': 'old' }, other: { '/x': 'not ours' } });
  const fetch = vi.fn(async (path: Request | string) => new Response(`new ${path}`));
  const cache = createShellCache(shell, { caches, fetch, after: never });
  await cache.fill();
  expect(Object.fromEntries(all.get('chat-shell-b') ?? [])).toEqual({
    '/': 'new /',
    '/assets/new.js': 'new /assets/new.js',
    '/assets/same.js': 'same',
    '/theme.js': 'new /theme.js',
  });
  expect(fetch.mock.calls.map(([path]) => path).sort()).toEqual(['/', '/assets/new.js', '/theme.js']);
  expect([...all.keys()]).toContain('chat-shell-a');
  await cache.dropOthers();
  expect([...all.keys()].sort()).toEqual(['chat-shell-b', 'other']);
});

it('is filled whole or not at all', async () => {
  const { all, caches } = fakeCaches();
  const fetch = async (path: Request | string) => new Response('', { status: path === '/theme.js' ? 404 : 200 });
  await expect(createShellCache(shell, { caches, fetch, after: never }).fill()).rejects.toThrow('/theme.js was answered with 404.');
  expect([...all.keys()]).toEqual([]);
});

it('stays as it was where one that answers with it cannot be filled again', async () => {
  const { all, caches } = fakeCaches({ 'chat-shell-b': { '/': 'kept' } });
  const fetch = () => Promise.reject(new TypeError('offline'));
  await expect(createShellCache(shell, { caches, fetch, after: never }).fill()).rejects.toThrow('offline');
  expect(all.get('chat-shell-b')?.get('/')).toBe('kept');
});

it('shows what the network has, and what is kept where it has nothing', async () => {
  const { caches } = fakeCaches({ 'chat-shell-b': { '/': 'kept', '/theme.js': 'kept theme', '/assets/new.js': 'kept asset' } });
  let network: () => Promise<Response> = async () => new Response('fresh');
  const waits: number[] = [];
  let hurry: () => void = () => undefined;
  const after = (ms: number) => {
    waits.push(ms);
    return new Promise<void>((resolve) => {
      hurry = resolve;
    });
  };
  const cache = createShellCache(shell, { caches, fetch: () => network(), after });
  const text = async (path: string, how: 'page' | 'plain' | 'hashed') => (await cache.answer(request(path), how)).text();

  expect([await text('/chat/7', 'page'), await text('/theme.js', 'plain'), await text('/assets/new.js', 'hashed')]).toEqual([
    'fresh',
    'fresh',
    'kept asset',
  ]);
  network = () => Promise.reject(new TypeError('offline'));
  expect([await text('/chat/7', 'page'), await text('/theme.js', 'plain')]).toEqual(['kept', 'kept theme']);
  network = async () => new Response('the balancer’s page', { status: 502 });
  expect(await text('/', 'page')).toBe('kept');
  network = never;
  const slow = text('/', 'page');
  await vi.waitFor(() => expect(waits.length).toBe(6));
  hurry();
  expect([await slow, waits[0]]).toEqual(['kept', PatienceMs]);
});

it('fails as the network does where nothing is kept', async () => {
  const { caches } = fakeCaches();
  const cache = createShellCache(shell, { caches, fetch: () => Promise.reject(new TypeError('offline')), after: never });
  await expect(cache.answer(request('/'), 'page')).rejects.toThrow('offline');
});
