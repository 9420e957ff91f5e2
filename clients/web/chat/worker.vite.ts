import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { build, type Plugin, type ResolvedConfig, type Rolldown } from 'vite';
import type { Shell } from './src/offline/shell';

/** Stands in the worker for the version until that is known: the worker's own code is a part of it. */
const VersionToCome = 'version-to-come';

/**
 * Builds the page's service worker (`src/offline/worker.ts`) to `/worker.js`, one file without imports, and tells it what the page is made of:
 * the page, every file of the build, and those of `public`.
 */
export function buildWorker(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'build-worker',
    apply: 'build',
    enforce: 'post',
    configResolved(resolved) {
      config = resolved;
    },
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const fixed = readdirSync(config.publicDir, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name));
        const built = Object.values(bundle).filter(({ fileName }) => !/\.(html|map)$/u.test(fileName));
        const paths = [
          '/',
          ...fixed.map((file) => file.slice(config.publicDir.length).split(sep).join('/')),
          ...built.map(({ fileName }) => `/${fileName}`),
        ].sort();
        const hash = createHash('sha256').update(paths.join('\n')); // the names of what is built have hashes of their content
        for (const file of fixed) hash.update(readFileSync(file));
        for (const page of Object.values(bundle)) if (page.type === 'asset' && page.fileName.endsWith('.html')) hash.update(page.source);
        const worker = await script(config, { version: VersionToCome, paths });
        const source = worker.replace(VersionToCome, hash.update(worker).digest('hex').slice(0, 16));
        if (source === worker) throw new Error('The service worker has no place for its version.');
        this.emitFile({ type: 'asset', fileName: 'worker.js', source });
      },
    },
  };
}

async function script({ root, resolve }: ResolvedConfig, shell: Shell): Promise<string> {
  const outcome = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    resolve: { alias: resolve.alias },
    define: { __SHELL__: JSON.stringify(shell) },
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: { input: join(root, 'src/offline/worker.ts'), output: { format: 'iife', entryFileNames: 'worker.js' } },
    },
  });
  const { output } = (Array.isArray(outcome) ? outcome[0] : outcome) as Rolldown.RolldownOutput;
  if (output.length !== 1) throw new Error(`The service worker became ${output.length} files; it must be one.`);
  return output[0].code;
}
