import { decode as decodeReference, encode as encodeReference } from '@msgpack/msgpack';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, test } from 'vitest';
import { MalformedFrameError } from '../src/codec/malformed.js';
import { MessagePackReader } from '../src/codec/reader.js';
import { MessagePackWriter } from '../src/codec/writer.js';
import { vectorJson } from './support/vectors.js';

type Value = null | boolean | number | string | Uint8Array | Value[];

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

function write(writer: MessagePackWriter, value: Value): void {
  if (value === null) writer.writeNil();
  else if (typeof value === 'boolean') writer.writeBool(value);
  else if (typeof value === 'number') writer.writeInteger(value);
  else if (typeof value === 'string') writer.writeText(value);
  else if (value instanceof Uint8Array) writer.writeBinary(value);
  else {
    writer.writeArrayHeader(value.length);
    for (const element of value) write(writer, element);
  }
}

function encoded(value: Value): Uint8Array {
  const writer = new MessagePackWriter();
  write(writer, value);
  return writer.take();
}

/** Reads what `like` has, with the methods that belong to its types. */
function readLike(reader: MessagePackReader, like: Value): Value {
  if (like === null) return reader.tryReadNil() ? null : 'not nil';
  if (typeof like === 'boolean') return reader.readBool();
  if (typeof like === 'number') return reader.readInteger();
  if (typeof like === 'string') return reader.readText();
  if (like instanceof Uint8Array) return new Uint8Array(reader.readBinary());
  expect(reader.enterArray()).toBe(like.length);
  const read = like.map((element) => readLike(reader, element));
  reader.leaveArray();
  return read;
}

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
        const reader = new MessagePackReader(bytes);
        expect(plain(readLike(reader, value))).toEqual(plain(value));
        expect(reader.remaining).toBe(0);
        expect(plain(packr.unpack(bytes))).toEqual(plain(value));
        expect(plain(decodeReference(bytes))).toEqual(plain(value));
        const skipping = new MessagePackReader(bytes);
        skipping.skip();
        expect(skipping.remaining).toBe(0);
      }),
      { seed, numRuns: 1_000 },
    );
  });

  test('are refused when any byte is missing at the end', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value, part) => {
        const bytes = encoded(value);
        const cut = bytes.subarray(0, Math.floor(bytes.length * part));
        expect(() => new MessagePackReader(cut).skip()).toThrow(MalformedFrameError);
      }),
      { seed, numRuns: 500 },
    );
  });

  test('and random bytes are either passed over or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const reader = new MessagePackReader(bytes);
        try {
          while (reader.remaining > 0) reader.skip();
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
    const skip = (): void => {
      const reader = new MessagePackReader(bytes);
      reader.skip();
      expect(reader.remaining).toBe(0);
    };
    if ('ext' in entry || 'timestamp' in entry) expect(skip).toThrow(MalformedFrameError);
    else skip();

    const reader = new MessagePackReader(bytes);
    if ('nil' in entry) expect(reader.tryReadNil()).toBe(true);
    if ('bool' in entry) expect(reader.readBool()).toBe(entry['bool']);
    if ('string' in entry) expect(reader.readText()).toBe(entry['string']);
    if ('binary' in entry) expect(Buffer.from(reader.readBinary()).toString('hex')).toBe(String(entry['binary']).replaceAll('-', ''));
    if ('number' in entry || 'bignum' in entry) checkNumber(reader, bytes, entry);
  });

  function checkNumber(reader: MessagePackReader, bytes: Uint8Array, entry: Entry): void {
    const isFloat = bytes[0] === 0xca || bytes[0] === 0xcb;
    const value = BigInt(typeof entry['bignum'] === 'string' ? entry['bignum'] : Math.trunc(Number(entry['number'])));
    if (isFloat || value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
      expect(() => reader.readInteger()).toThrow(MalformedFrameError);
    } else expect(reader.readInteger()).toBe(Number(value));
  }
});
