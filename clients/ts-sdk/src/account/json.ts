import { ChatError } from '../errors.js';
import * as localErrors from '../local-errors.js';

type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads one member of an answer; throws `malformed_answer` where it is not what it should be. */
function memberOf<T>(value: unknown, member: string, fits: (found: unknown) => found is T): T {
  const found = isObject(value) ? value[member] : undefined;
  if (fits(found)) return found;
  throw new ChatError(localErrors.malformed_answer, `The answer has no good '${member}'.`);
}

export function textOf(value: unknown, member: string): string {
  return memberOf(value, member, (found) => typeof found === 'string');
}

export function numberOf(value: unknown, member: string): number {
  return memberOf(value, member, (found) => typeof found === 'number');
}

export function arrayOf(value: unknown, member: string): readonly unknown[] {
  return memberOf(value, member, (found) => Array.isArray(found));
}

export function objectOf(value: unknown, member: string): JsonObject {
  return memberOf(value, member, isObject);
}

/** Null where there is none. */
export function optionalText(value: unknown, member: string): string | null {
  return isObject(value) && value[member] != null ? textOf(value, member) : null;
}

export function flagOf(value: unknown, member: string): boolean {
  return isObject(value) && value[member] === true;
}

/** Null where there is none. */
export function optionalNumber(value: unknown, member: string): number | null {
  return isObject(value) && value[member] != null ? numberOf(value, member) : null;
}

/** A name that came after this version is unknown. */
export function oneOf<T extends string>(names: readonly T[], name: string): T | 'unknown' {
  return names.find((known) => known === name) ?? 'unknown';
}
