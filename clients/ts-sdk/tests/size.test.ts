import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';

/** A whole messenger's client: each feature pays with what it brings, and this line shows the sum. */
const ceilingBytes = 15_360;

test('the core is as small in a browser as the line says, minified and compressed, and needs nothing of Node.js', async () => {
  const outcome = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      rolldownOptions: {
        input: fileURLToPath(new URL('../src/client.ts', import.meta.url)),
        preserveEntrySignatures: 'strict',
        output: { format: 'es', minify: true },
      },
    },
  });
  const chunks = (Array.isArray(outcome) ? outcome : [outcome]).flatMap((one) => ('output' in one ? one.output : []));
  const code = chunks.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
  const compressed = gzipSync(code, { level: 9 }).length;

  console.info(`core: ${code.length} bytes, ${compressed} compressed`);
  expect(chunks).toHaveLength(1);
  expect(compressed).toBeLessThanOrEqual(ceilingBytes);
  expect(code).not.toMatch(/\bprocess\.|\bBuffer\b|\brequire\(|node:/);
}, 60_000);
