// An app with users of its own, who chat with its tokens: CHAT_SECRET=… node server.mjs [PORT] [--url http://127.0.0.1:8080]
// The chat is started with the same secret: CHAT__Issuers__shop__Algorithm=HS256 CHAT__Issuers__shop__SecretKey="$CHAT_SECRET" ./chat up
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { minter } from './tokens.mjs';
import { everybody, findSession, forgetSession, signIn } from './users.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string', default: 'http://127.0.0.1:8080' }, lifetime: { type: 'string', default: '600' } },
});
const secret = Buffer.from(process.env.CHAT_SECRET ?? '', 'base64');
if (secret.length < 32) {
  console.error(
    'Set CHAT_SECRET to at least 32 random bytes in base64, the same as for the chat: export CHAT_SECRET="$(openssl rand -base64 48)"',
  );
  process.exit(2);
}
const issuer = 'shop';
const mint = minter(issuer, secret, Number(values.lifetime));

/** Asks the chat's REST interface as one of the users. */
async function askChat(method, path, token) {
  const answer = await fetch(new URL(path, values.url), { method, headers: { authorization: `Bearer ${token}` } }).catch((error) => {
    throw new Error(`No chat server at ${values.url}: start ./chat up, or give --url URL`, { cause: error });
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${(await answer.json()).detail}`);
}

const here = new URL('.', import.meta.url);
const pages = { '/': ['index.html', 'text/html'], '/main.js': ['main.js', 'text/javascript'], '/page.css': ['../page.css', 'text/css'] };

function sendFile(response, path) {
  const [file, type] =
    pages[path] ?? (/^\/sdk\/(?:[\w-]+\/)*[\w-]+\.js$/.test(path) ? [`../../ts-sdk/dist/${path.slice(5)}`, 'text/javascript'] : []);
  const full = file && fileURLToPath(new URL(file, here));
  if (!full || !existsSync(full)) return send(response, 404, { error: 'Not here.' });
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  createReadStream(full).pipe(response);
}

function send(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }).end(JSON.stringify(body));
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 10_000) throw new SyntaxError('The body is too large.');
  }
  return JSON.parse(text || '{}');
}

// SameSite keeps other sites' pages from asking as the user.
const cookie = (value, seconds) => ({ 'set-cookie': `session=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${seconds}` });
const secretOf = (request) => /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';

async function answer(request, response) {
  const route = `${request.method} ${new URL(request.url, 'http://here').pathname}`;
  if (route === 'POST /sign-in') {
    const { login, password } = await bodyOf(request);
    const made = signIn(login, password);
    return made === null ? send(response, 401, { error: 'Wrong name or password.' }) : send(response, 200, {}, cookie(made, 8 * 3600));
  }
  if (request.method === 'GET' && !route.startsWith('GET /users')) return sendFile(response, route.slice(4));

  const session = findSession(secretOf(request));
  if (session === null) return send(response, 401, { error: 'Sign in first.' });
  const { user, sid } = session;
  if (route === 'GET /users')
    return send(response, 200, { me: user.id, issuer, url: values.url, others: everybody().filter(({ id }) => id !== user.id) });
  if (route === 'POST /chat-token') {
    const { why } = await bodyOf(request);
    // One token may be refused for a clock that is wrong, or a key that was changed. Is a fresh one as well, no token of this sign-in is good
    // any more: it was signed out from the list of devices, or its user is blocked.
    const wasRefused = Date.now() - (session.refusedAtMs ?? 0) < 60_000;
    if (why === 'rejected') session.refusedAtMs = Date.now();
    if (why !== 'rejected' || !wasRefused) return send(response, 200, { token: mint(user, sid) });
    forgetSession(secretOf(request));
    return send(response, 401, { error: 'You were signed out of the chat: sign in again.' });
  }
  if (route === 'POST /sign-out') {
    forgetSession(secretOf(request));
    // The chat's connections of this sign-in end, too. If it was over there already, it is over here all the same.
    await askChat('POST', '/api/auth/logout', mint(user, sid)).catch((error) => console.error(error.message));
    return send(response, 200, {}, cookie('', 0));
  }
  send(response, 404, { error: 'Not here.' });
}

const server = createServer((request, response) =>
  answer(request, response).catch((error) => send(response, error instanceof SyntaxError ? 400 : 500, { error: error.message })),
);

// Users can be found in the chat once it has seen a token of theirs: it sees one of each before anybody is looked for. One who is blocked there
// keeps nobody else out; if all are refused, the key is wrong.
const shown = await Promise.allSettled(everybody().map((user) => askChat('GET', '/api/user', mint(user, 'app-server'))));
const faults = shown.flatMap(({ reason }) => reason ?? []);
for (const text of new Set(faults.map(({ message }) => message))) console.error(text);
if (faults.length === shown.length) process.exit(1);
server.listen(Number(positionals[0] ?? 5174), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
