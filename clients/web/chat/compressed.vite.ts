import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const [toBrotli, toGzip] = [promisify(brotliCompress), promisify(gzip)];
/** Smaller files fit a packet as they are. */
const LeastBytes = 1_000;

/**
 * Puts what was built below `assets` beside itself once more, compressed as well as it goes: the server sends that where the browser takes it, and
 * compresses nothing. The worker, which the server sends as it is, is asked for seldom.
 */
export function compressAssets(): Plugin {
  return {
    name: 'compress-assets',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const names = Object.keys(bundle).filter((name) => /^assets\/.*\.(?:js|css|svg)$/u.test(name));
      await Promise.all(
        names.map(async (name) => {
          const file = join(dir, name);
          const source = await readFile(file);
          if (source.length < LeastBytes) return;
          await Promise.all([writeFile(`${file}.br`, await toBrotli(source)), writeFile(`${file}.gz`, await toGzip(source, { level: 9 }))]);
        }),
      );
    },
  };
}
