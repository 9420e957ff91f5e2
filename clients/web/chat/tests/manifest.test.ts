import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../public');
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.webmanifest'), 'utf8'));

/** Width and height, which a PNG has in its first chunk. */
function sizeOf(png: Buffer): string {
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

it('names what an app that is installed needs', () => {
  const { id, name, short_name: shortName, start_url: start, scope, display } = manifest;
  expect([id, name, shortName, start, scope, display]).toEqual(['/', 'Chat', 'Chat', '/', '/', 'standalone']);
  const purposes = manifest.icons.map(({ sizes, purpose }: Record<string, string>) => `${sizes} ${purpose}`);
  expect(purposes).toEqual(['any any', '192x192 any', '512x512 any', '512x512 maskable']);
});

it('has its icons in the sizes that it says, and small', () => {
  for (const { src, sizes, type } of manifest.icons as Record<'src' | 'sizes' | 'type', string>[]) {
    const bytes = readFileSync(join(folder, src));
    expect(bytes.length).toBeLessThan(20_000);
    if (type === 'image/png') expect([src, sizeOf(bytes)]).toEqual([src, sizes]);
  }
});
