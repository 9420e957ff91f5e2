// Reads every frame with npm msgpackr, a second reader that is not ours, and compares it with the JSON beside it. Then writes random
// values with it for @msgpack/msgpack to read, and the other way round. Ends with 1 if anything differs. See README.md.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { decode, encode } from '@msgpack/msgpack';
import { Packr } from 'msgpackr';
import { frames, positional } from './schema.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'frames');
const packr = new Packr({ useRecords: false, int64AsType: 'auto', variableMapSize: true });
const seed = Number(process.argv[2] ?? 20_260_101);
let faults = 0;

function check(name, actual, expected) {
  if (isDeepStrictEqual(plain(actual), plain(expected))) return;
  faults++;
  console.error(`${name}: ${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}

/** Buffer and Uint8Array alike, so that only the content is compared. */
function plain(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return Array.isArray(value) ? value.map(plain) : value;
}

function checkFrames() {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  for (const name of names) {
    const vector = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if (!vector.canonical) continue;
    const bytes = readFileSync(join(folder, name.replace('.json', '.bin')));
    check(name, bytes.readUInt32LE(), bytes.length - 4);
    check(name, packr.unpack(bytes.subarray(4)), [vector.type, vector.request_id, ...positional(frames[vector.frame][1], vector.fields)]);
  }
  return names.length;
}

/** mulberry32: small, seeded, good enough to make values. */
function random(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function valueOf(next, depth) {
  const pick = Math.floor(next() * (depth > 0 ? 6 : 5));
  switch (pick) {
    case 0: return null;
    case 1: return next() < 0.5;
    case 2: return Math.floor(2 ** (next() * 31)) * (next() < 0.3 ? -1 : 1);
    case 3: return Array.from({ length: Math.floor(next() * 300) }, () => String.fromCodePoint(32 + Math.floor(next() * 50_000))).join('');
    case 4: return Uint8Array.from({ length: Math.floor(next() * 300) }, () => Math.floor(next() * 256));
    default: return Array.from({ length: Math.floor(next() * 20) }, () => valueOf(next, depth - 1));
  }
}

function checkRandom(count) {
  const next = random(seed);
  for (let i = 0; i < count; i++) {
    const value = valueOf(next, 4);
    check(`random ${i} of seed ${seed}`, decode(packr.pack(value)), value);
    check(`random ${i} of seed ${seed}`, packr.unpack(encode(value)), value);
  }
}

const checked = checkFrames();
checkRandom(2_000);
console.log(`${checked} frames and 2000 random values (seed ${seed}): ${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;
