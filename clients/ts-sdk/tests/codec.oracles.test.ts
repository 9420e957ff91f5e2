import { decode as decodeReference, encode as encodeReference } from '@msgpack/msgpack';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, test } from 'vitest';
import { int } from '../src/codec/fields.js';
import { MalformedFrameError } from '../src/codec/malformed.js';
import { readMessagePack } from '../src/codec/reader.js';
import type { Value } from '../src/codec/value.js';
import { writeMessagePack } from '../src/codec/writer.js';
import { vectorJson } from './support/vectors.js';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.info(`codec.oracles seed ${seed}`);

const integers = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat(),
  fc.constantFrom(127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1),
);
const texts = fc.oneof(fc.string(), fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ minLength: 240, maxLength: 300 }));
const values = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    integers,
    texts,
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 20 }),
  ),
})).value;

const encoded = (value: Value): Uint8Array => Uint8Array.from(writeMessagePack(value));

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return Array.isArray(value) ? value.map(plain) : value;
}

describe('random values', () => {
  test('have the bytes that @msgpack/msgpack gives them', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(Buffer.from(encoded(value)).toString('hex')).toBe(Buffer.from(encodeReference(value)).toString('hex'));
      }),
      { seed, numRuns: 1_000 },
    );
  });

  test('are read as they were written, also by msgpackr', () => {
    const packr = new Packr({ useRecords: false, int64AsType: 'number' });
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encoded(value);
        expect(plain(readMessagePack(bytes))).toEqual(plain(value));
        expect(plain(packr.unpack(bytes))).toEqual(plain(value));
        expect(plain(decodeReference(bytes))).toEqual(plain(value));
      }),
      { seed, numRuns: 1_000 },
    );
  });

  test('are refused when any byte is missing at the end, or one is too many', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value, part) => {
        const bytes = encoded(value);
        const cut = bytes.subarray(0, Math.floor(bytes.length * part));
        expect(() => readMessagePack(cut)).toThrow(MalformedFrameError);
        expect(() => readMessagePack(Uint8Array.of(...bytes, 0))).toThrow(MalformedFrameError);
      }),
      { seed, numRuns: 500 },
    );
  });

  test('and random bytes are either read or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          readMessagePack(bytes);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MalformedFrameError);
        }
      }),
      { seed, numRuns: 20_000 },
    );
  });
});

describe('msgpack-test-suite', () => {
  type Entry = Record<string, unknown> & { msgpack: string[] };
  const suite = vectorJson<Record<string, Entry[]>>('msgpack-test-suite');
  const cases = Object.entries(suite).flatMap(([group, entries]) =>
    Array.isArray(entries) ? entries.flatMap((entry) => entry.msgpack.map((hex) => ({ group, hex, entry }))) : [],
  );

  test('is there', () => expect(cases.length).toBeGreaterThan(200));

  test.each(cases)('$group $hex', ({ hex, entry }) => {
    const bytes = new Uint8Array(Buffer.from(hex.replaceAll('-', ''), 'hex'));
    const read = (): unknown => plain(readMessagePack(bytes));
    if ('ext' in entry || 'timestamp' in entry) expect(read).toThrow(MalformedFrameError);
    else if ('nil' in entry) expect(read()).toBeNull();
    else if ('bool' in entry || 'string' in entry) expect(read()).toBe(entry['bool'] ?? entry['string']);
    else if ('binary' in entry) expect(read()).toBe(String(entry['binary']).replaceAll('-', ''));
    else if ('array' in entry) expect(read()).toBeInstanceOf(Array);
    else if ('map' in entry) expect(read()).toBeNaN();
    else checkNumber(bytes, entry);
  });

  function checkNumber(bytes: Uint8Array, entry: Entry): void {
    const read = (): number => int.unpack(readMessagePack(bytes));
    const isFloat = bytes[0] === 0xca || bytes[0] === 0xcb;
    const value = BigInt(typeof entry['bignum'] === 'string' ? entry['bignum'] : Math.trunc(Number(entry['number'])));
    if (isFloat || value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
      expect(read).toThrow(MalformedFrameError);
    } else expect(read()).toBe(Number(value));
  }
});
