import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, test, vi } from 'vitest';

/** Over a slow line (1.6 Mbit/s) this is two thirds of a second. What is not needed to see the list of chats comes later. */
const ceilingBytes = 130_000;

test('what the page loads before it shows its chats is at most 130 kB of script, compressed', async () => {
  vi.stubEnv('NODE_ENV', 'production'); // a test's own would bring the warnings of the libraries along
  const outcome = await build({ root: `${import.meta.dirname}/..`, logLevel: 'silent', mode: 'production', build: { write: false } });
  const { output } = (Array.isArray(outcome) ? outcome[0] : outcome) as Rolldown.RolldownOutput;
  const chunks = new Map(output.filter((one) => one.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const first = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  // The words of the reader's language are wanted before anything is shown. English stands for all: there are as many in each.
  for (const { fileName, facadeModuleId } of chunks.values()) if (facadeModuleId?.endsWith('/i18n/en/index.ts')) first.add(fileName);
  for (const name of first) for (const needed of chunks.get(name)?.imports ?? []) first.add(needed);

  const sizes = [...first].map((name) => gzipSync(chunks.get(name)?.code ?? '', { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.info(`first load: ${total} bytes in ${sizes.length} files`);
  expect([...first].filter((name) => chunks.get(name)?.facadeModuleId?.endsWith('/i18n/en/index.ts'))).toHaveLength(1);
  expect([...chunks.values()].filter(({ moduleIds }) => moduleIds.some((id) => /pseudo/u.test(id)))).toEqual([]);
  expect(chunks.size).toBeGreaterThan(first.size);
  expect(total).toBeLessThanOrEqual(ceilingBytes);

  // All of it, and what comes later, is kept for when there is no network.
  const worker = output.find(({ fileName }) => fileName === 'worker.js');
  const script = worker?.type === 'asset' ? String(worker.source) : '';
  const kept = [...chunks.keys(), ...output.filter(({ fileName }) => fileName.endsWith('.css')).map(({ fileName }) => fileName)];
  const listed = new Set(script.split(/["'`,]/u));
  for (const path of ['', 'theme.js', 'icon.svg', 'icons/192.png', 'manifest.webmanifest', ...kept])
    expect([path, listed.has(`/${path}`)]).toEqual([path, true]);
  expect(script).not.toMatch(/worker\.js|^import /mu);
}, 120_000);
