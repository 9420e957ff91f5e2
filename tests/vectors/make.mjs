// Makes the files of this folder with npm @msgpack/msgpack. See README.md.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from '@msgpack/msgpack';
import { frame as prefixed } from './cases/bytes.mjs';
import framesCases from './cases/frames.mjs';
import tolerated from './cases/tolerated.mjs';
import transcripts from './cases/transcripts.mjs';
import wrong from './cases/wrong.mjs';
import { complete, frames, positional } from './schema.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

function write(path, bytes) {
  writeFileSync(join(here, path), bytes);
}

function writeJson(path, value) {
  write(path, `${JSON.stringify(value, null, 2)}\n`);
}

function described(name, requestId, given, canonical) {
  const [type, schema] = frames[name];
  return { frame: name, type, request_id: requestId, canonical, fields: complete(schema, given) };
}

function encoded({ frame, type, request_id, fields }) {
  return prefixed(Buffer.from(encode([type, request_id, ...positional(frames[frame][1], fields)])));
}

function makeFrames() {
  for (const [name, variant, requestId, given, body] of [...framesCases, ...tolerated]) {
    const vector = described(name, requestId, given, body === undefined);
    const path = `frames/${variant === '' ? name : `${name}.${variant}`}`;
    writeJson(`${path}.json`, vector);
    write(`${path}.bin`, body === undefined ? encoded(vector) : prefixed(body));
  }
}

function makeWrong() {
  for (const [name, close, level, state, about, bytes] of wrong) {
    writeJson(`wrong/${name}.json`, { close, level, state, about });
    write(`wrong/${name}.bin`, bytes);
  }
}

function step([from, what, requestId, given]) {
  if (typeof what !== 'string') return { from, ...what };
  const { canonical, ...vector } = described(what, requestId, given, true);
  return { from, hex: encoded(vector).toString('hex'), ...vector };
}

function makeTranscripts() {
  for (const [name, about, steps] of transcripts) writeJson(`transcripts/${name}.json`, { name, about, steps: steps.map(step) });
}

for (const folder of ['frames', 'wrong', 'transcripts']) {
  rmSync(join(here, folder), { recursive: true, force: true });
  mkdirSync(join(here, folder));
}
makeFrames();
makeWrong();
makeTranscripts();
write('msgpack-test-suite.json', readFileSync(require.resolve('msgpack-test-suite/dist/msgpack-test-suite.json')));
