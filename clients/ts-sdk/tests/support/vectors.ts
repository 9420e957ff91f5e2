import { readdirSync, readFileSync } from 'node:fs';
import { callPushes, callRequests } from '../../src/calls/frames.js';
import { typingPushes, typingRequests } from '../../src/chats/typing.js';
import type { Fields } from '../../src/codec/fields.js';
import { contentKinds, markKinds } from '../../src/codes.js';
import { changeRequests } from '../../src/frames/change-requests.js';
import type { Frame } from '../../src/frames/frame.js';
import { pushes } from '../../src/frames/pushes.js';
import { replies } from '../../src/frames/replies.js';
import { requests } from '../../src/frames/requests.js';
import { presencePushes, presenceReplies, presenceRequests } from '../../src/people/presences.js';

const root = new URL('../../../../tests/vectors/', import.meta.url);

const frames = {
  ...requests,
  ...changeRequests,
  ...presenceRequests,
  ...typingRequests,
  ...callRequests,
  ...replies,
  ...presenceReplies,
  ...pushes,
  ...presencePushes,
  ...typingPushes,
  ...callPushes,
};

export const allFrames: readonly Frame<Fields>[] = Object.values(frames);

/** By the key that it has here, not by its number: so that a vector finds a wrong number. */
export function nameOf(frame: Frame<Fields>): string {
  const [key = ''] = Object.entries(frames).find(([, one]) => one === frame) ?? [];
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function frameNamed(name: string): Frame<Fields> {
  const found = allFrames.find((frame) => nameOf(frame) === name);
  if (found === undefined) throw new Error(`There is no frame ${name}.`);
  return found;
}

export function vectorNames(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, root))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

export function vectorJson<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`${path}.json`, root), 'utf8')) as T;
}

export function vectorBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${path}.bin`, root)));
}

export function specText(): string {
  return readFileSync(new URL('../../protocol-spec.md', root), 'utf8');
}

/** The names of protocol-spec.md as this package writes them. */
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [camel(name), name === 'content' ? contentOf(inner) : camelCased(inner)]),
  );
}

/** A scenario leaves out what does not matter to it. */
interface WireContent {
  kind: number;
  marks?: { kind: number }[];
  location?: { latitude: number; longitude: number } | null;
  status?: { kind: number } | null;
}

/** The content of a message as this package has it: kinds by name, places in degrees, and nothing that is not there. */
function contentOf(value: unknown): unknown {
  const content = camelCased(value) as WireContent | null;
  if (content === null) return null;
  const { kind, marks = [], location = null, status = null } = content;
  return withoutNothing({
    ...content,
    kind: nameIn(contentKinds, kind),
    marks: marks.map((mark) => ({ ...mark, kind: nameIn(markKinds, mark.kind) })),
    location: location && { ...location, latitude: (location.latitude - 90e8) / 1e8, longitude: (location.longitude - 180e8) / 1e8 },
    status: status && { ...status, kind: nameIn(contentKinds, status.kind) },
  });
}

function nameIn(table: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(table).find(([, number]) => number === value)?.[0] ?? 'unknown';
}

function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== 'object' || value === null) return value;
  const there = Object.entries(value).filter(([, inner]) => inner !== null && !(Array.isArray(inner) && inner.length === 0));
  return Object.fromEntries(there.map(([name, inner]) => [name, withoutNothing(inner)]));
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
