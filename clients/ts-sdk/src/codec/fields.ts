import { throwMalformed } from './malformed.js';
import type { MessagePackReader } from './reader.js';
import type { MessagePackWriter } from './writer.js';

/** How one field is written and read. `missing` is what a nil or absent optional field stands for. */
export interface Field<T> {
  write(writer: MessagePackWriter, value: T): void;
  read(reader: MessagePackReader): T;
  readonly missing?: T;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ValueOf<F> = F extends Field<infer T> ? T : never;
export type StructOf<S extends Fields> = { readonly [K in keyof S]: ValueOf<S[K]> };

// biome-ignore format: one line a type
export const int: Field<number> = { write: (w, value) => w.writeInteger(value), read: (r) => r.readInteger() };
export const text: Field<string> = { write: (w, value) => w.writeText(value), read: (r) => r.readText() };
export const bool: Field<boolean> = { write: (w, value) => w.writeBool(value), read: (r) => r.readBool() };

/** 16 bytes on the wire, 32 lower-case hex digits here. */
export const uuid: Field<string> = {
  write: (w, value) => w.writeBinary(Uint8Array.from(value.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))),
  read(r) {
    const bytes = r.readBinary();
    return bytes.length === 16 ? hex(bytes) : throwMalformed('a uuid has 16 bytes');
  },
};

export function hex(bytes: Uint8Array): string {
  let digits = '';
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0');
  return digits;
}

/** A field that may be nil, and be left out at the end; undefined is written as nil. */
export function optional<T>(field: Field<T>): Field<T | null> {
  return {
    missing: null,
    write: (w, value) => (value == null ? w.writeNil() : field.write(w, value)),
    read: (r) => (r.tryReadNil() ? null : field.read(r)),
  };
}

export function list<T>(element: Field<T>): Field<readonly T[]> {
  return {
    write(w, values) {
      w.writeArrayHeader(values.length);
      for (const value of values) element.write(w, value);
    },
    read(r) {
      const count = r.enterArray();
      const values: T[] = [];
      for (let i = 0; i < count; i++) values.push(element.read(r));
      r.leaveArray();
      return values;
    },
  };
}

/** A list that may be nil or left out: both stand for the empty one. */
export function optionalList<T>(element: Field<T>): Field<readonly T[]> {
  const { write, read } = list(element);
  return { missing: [], write: (w, values) => write(w, values ?? []), read: (r) => (r.tryReadNil() ? [] : read(r)) };
}

/** A nested array of named fields, in the order of the object's keys. */
export function struct<S extends Fields>(fields: S): Field<StructOf<S>> {
  const entries = Object.entries(fields);
  return {
    write(w, value) {
      const count = writtenCount(entries, value);
      w.writeArrayHeader(count);
      writeFields(w, entries, value, count);
    },
    read(r) {
      const count = r.enterArray();
      const value = readFields(r, entries, count) as StructOf<S>;
      r.leaveArray();
      return value;
    },
  };
}

type Entries = readonly (readonly [string, Field<unknown>])[];
type Values = Readonly<Record<string, unknown>>;

/** How many fields are written: those at the end that are missing are left out (protocol-spec.md §3.1). */
export function writtenCount(entries: Entries, value: Values): number {
  let count = entries.length;
  for (; count > 0; count--) {
    const [name, field] = entries[count - 1] as Entries[number];
    if (field.missing === undefined || !isMissing(value[name])) break;
  }
  return count;
}

function isMissing(value: unknown): boolean {
  return value == null || (Array.isArray(value) && value.length === 0);
}

export function writeFields(writer: MessagePackWriter, entries: Entries, value: Values, count: number): void {
  for (let i = 0; i < count; i++) {
    const [name, field] = entries[i] as Entries[number];
    field.write(writer, value[name]);
  }
}

/** Reads `count` elements: missing optional ones stand for their `missing`, unknown ones are passed over (§3.1, §3.2). */
export function readFields(reader: MessagePackReader, entries: Entries, count: number): Values {
  const value: Record<string, unknown> = {};
  for (let i = 0; i < entries.length; i++) {
    const [name, field] = entries[i] as Entries[number];
    if (i < count) value[name] = field.read(reader);
    else if (field.missing !== undefined) value[name] = field.missing;
    else throwMalformed(`too few fields: ${name}`);
  }
  for (let i = entries.length; i < count; i++) reader.skip();
  return value;
}
