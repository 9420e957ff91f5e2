import { kindName } from '../codes.js';
import { invalid_argument } from '../error-codes.js';
import { ChatError } from '../errors.js';
import { throwWrongType } from './malformed.js';
import type { Value } from './value.js';

/** How a field stands on the wire. */
export interface Field<T> {
  /** Throws a `ChatError` of `invalid_argument` if the value is none that the field can have: the service would close the connection for it. */
  pack(value: T): Value;
  /** Throws `MalformedFrameError` if the value is of another type. One that is left out is read as nil. */
  unpack(value: Value): T;
  /** It may be left out at the end. */
  readonly isOptional?: boolean;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ValueOf<F> = F extends Field<infer T> ? T : never;
export type StructOf<S extends Fields> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** 0 … 2^53−1. */
export const int = scalar((value): value is number => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number from 0 on');
export const text = scalar((value) => typeof value === 'string', 'text');
export const bool = scalar((value) => typeof value === 'boolean', 'a boolean');

/** A number on the wire, its name in the table here. An unknown one is written as 0, which the server refuses. */
export function named<T extends string>(table: Readonly<Record<T, number>>): Field<T | 'unknown'> {
  return { pack: (name) => (table as Partial<Record<string, number>>)[name] ?? 0, unpack: (value) => kindName(table, int.unpack(value)) };
}

/** 16 bytes on the wire, 32 lower-case hex digits here. */
export const uuid: Field<string> = {
  pack: (value) => Uint8Array.from(value.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16)),
  unpack: (value) => (value instanceof Uint8Array && value.length === 16 ? hex(value) : throwWrongType()),
};

export function hex(bytes: Uint8Array): string {
  let digits = '';
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0');
  return digits;
}

/** A field that may be nil, and be left out at the end; undefined is written as nil. */
export function optional<T>(field: Field<T>): Field<T | null> {
  return {
    isOptional: true,
    pack: (value) => (value == null ? null : field.pack(value)),
    unpack: (value) => (value === null ? null : field.unpack(value)),
  };
}

export const optionalInt = optional(int);
export const optionalText = optional(text);

export function list<T>(element: Field<T>): Field<readonly T[]> {
  return {
    pack: (values) => values.map((value) => element.pack(value)),
    unpack: (value) => elements(value).map((one) => element.unpack(one)),
  };
}

/** A list that may be nil or left out: both stand for the empty one. */
export function optionalList<T>(element: Field<T>): Field<readonly T[]> {
  const { pack, unpack } = list(element);
  return { isOptional: true, pack: (values) => pack(values ?? []), unpack: (value) => unpack(value ?? []) };
}

/** An array of named fields, in the order of the object's keys. */
export function struct<S extends Fields>(fields: S): Field<StructOf<S>> {
  const entries = Object.entries(fields);
  return {
    pack(value) {
      let count = entries.length;
      // Those at the end that are missing are left out (protocol-spec.md §3.1).
      while (count > 0 && isLeftOut(entries[count - 1] as Entry, value)) count--;
      return entries.slice(0, count).map(([name, field]) => field.pack(value[name]));
    },
    /** Missing ones are nil, unknown ones are passed over (§3.1, §3.2). */
    unpack(value) {
      const values = elements(value);
      return Object.fromEntries(entries.map(([name, field], i) => [name, field.unpack(values[i] ?? null)])) as StructOf<S>;
    },
  };
}

/** The same, of which what is missing is left out here too. */
export function sparse<S extends Fields>(fields: S): Field<Partial<StructOf<S>>> {
  const { pack, unpack } = struct(fields);
  return { pack: pack as Field<Partial<StructOf<S>>>['pack'], unpack: (value) => present(unpack(value)) as Partial<StructOf<S>> };
}

/** Leaves out what is null, undefined, or an empty list. */
export function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isMissing(value))) as { [K in keyof T]?: NonNullable<T[K]> };
}

type Entry = readonly [name: string, field: Field<unknown>];

function isLeftOut([name, { isOptional = false }]: Entry, value: Readonly<Record<string, unknown>>): boolean {
  return isOptional && isMissing(value[name]);
}

function isMissing(value: unknown): boolean {
  return value == null || (Array.isArray(value) && value.length === 0);
}

/** `what` it is ends the sentence for a value that is none. */
export function scalar<T extends Value>(fits: (value: Value) => value is T, what: string): Field<T> {
  return {
    pack(value) {
      if (fits(value)) return value;
      throw new ChatError(invalid_argument, `${value} is not ${what}.`);
    },
    unpack: (value) => (fits(value) ? value : throwWrongType()),
  };
}

/** Of an array. */
export function elements(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : throwWrongType();
}
