// Serves the pages of this folder, and what they import, without a build: node serve.mjs [PORT]. Needs `./chat build`, which makes the SDK's dist.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const folders = {
  '/sdk/': join(here, '..', 'ts-sdk', 'dist', sep),
  '/lib/vue/': join(here, '..', 'node_modules', 'vue', 'dist', sep),
  '/': here,
};
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' };

function fileOf(path) {
  const [prefix, folder] = Object.entries(folders).find(([start]) => path.startsWith(start)) ?? [];
  if (prefix === undefined || folder === undefined) return null;
  const file = join(folder, path.slice(prefix.length), path.endsWith('/') ? 'index.html' : '');
  const isServed = file.startsWith(folder) && extname(file) in types && existsSync(file) && statSync(file).isFile();
  return isServed ? file : null;
}

const server = createServer((request, response) => {
  const file = fileOf(new URL(request.url ?? '/', 'http://here').pathname);
  if (file === null) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not here. There are /web/ and /vue/.\n');
    return;
  }
  response.writeHead(200, { 'content-type': types[extname(file)], 'cache-control': 'no-store' });
  createReadStream(file).pipe(response);
});
server.listen(Number(process.argv[2] ?? 5173), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
