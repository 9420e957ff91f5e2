import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** Bundled with the clients' own tool, and served by the test from the server's address, so that it is the page's origin. */
export async function bundle(page = 'call-page.ts'): Promise<string> {
  const vite = await import(pathToFileURL(join(here, '..', '..', '..', 'clients', 'node_modules', 'vite', 'dist', 'node', 'index.js')).href)
  const outcome = await vite.build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, target: 'es2022', rolldownOptions: { input: join(here, page), output: { format: 'es' } } },
  })
  const outputs = (Array.isArray(outcome) ? outcome : [outcome]).flatMap((one: { output: { code?: string }[] }) => one.output)
  return outputs.map((chunk) => chunk.code ?? '').join('\n')
}
