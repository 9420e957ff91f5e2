import { describe, expect, test } from 'vitest';
import type { StructOf } from '../src/codec/fields.js';
import { MalformedFrameError } from '../src/codec/malformed.js';
import { frameTypes } from '../src/codes.js';
import { cutFrames, encodeFrame, readFrame } from '../src/frames/frame.js';
import { allFrames, camelCased, frameNamed, nameOf, specText, vectorBytes, vectorJson, vectorNames } from './support/vectors.js';

interface Vector {
  frame: string;
  type: number;
  request_id: number;
  canonical: boolean;
  fields: Record<string, unknown>;
}

interface WrongVector {
  close: number;
  level: string;
  about: string;
}

interface Transcript {
  steps: { from: string; hex?: string; frame?: string; request_id?: number; fields?: Record<string, unknown> }[];
}

const largest = 262_144;

describe('every vector', () => {
  test.each(vectorNames('frames'))('%s', (name) => {
    const vector = vectorJson<Vector>(`frames/${name}`);
    const bytes = vectorBytes(`frames/${name}`);
    const frame = frameNamed(vector.frame);
    const fields = camelCased(vector.fields) as StructOf<typeof frame.fields>;

    const headers = [...cutFrames(bytes, largest)];

    expect(headers).toHaveLength(1);
    const [header] = headers;
    if (header === undefined) return;
    expect(header.type).toBe(vector.type);
    expect(frame.type).toBe(vector.type);
    expect(header.requestId).toBe(vector.request_id);
    expect(readFrame(frame, header)).toEqual(fields);
    if (!vector.canonical || name === 'event.unknown_content') return; // a name that is not known has no number
    expect(Buffer.from(encodeFrame(frame, vector.request_id, fields))).toEqual(Buffer.from(bytes));
  });

  test('there is one for each frame of the table, and no other', () => {
    const inFolder = new Set(vectorNames('frames').map((name) => name.split('.')[0]));
    const inSpec = [...specText().matchAll(/^\| \d+ \| ([a-z_]+) \| [CS] \|/gm)].map((match) => match[1]);
    expect([...inFolder].sort()).toEqual([...inSpec].sort());
    expect(allFrames.map(nameOf).sort()).toEqual([...inSpec].sort());
    expect(Object.fromEntries(allFrames.map((frame) => [nameOf(frame), frame.type]))).toEqual(frameTypes);
  });
});

describe('what is wrong is refused', () => {
  const malformed = vectorNames('wrong').filter((name) => {
    const { close, level } = vectorJson<WrongVector>(`wrong/${name}`);
    return close === 4500 && ['header', 'fields', 'message'].includes(level);
  });

  test.each(malformed)('%s', (name) => {
    expect(() => decodeAll(vectorBytes(`wrong/${name}`))).toThrow(MalformedFrameError);
  });

  test('there are many', () => expect(malformed.length).toBeGreaterThan(60));

  function decodeAll(bytes: Uint8Array): void {
    for (const header of cutFrames(bytes, largest)) {
      const frame = allFrames.find((one) => one.type === header.type);
      if (frame !== undefined) readFrame(frame, header);
    }
  }
});

test.each(vectorNames('transcripts'))('transcript %s', (name) => {
  for (const step of vectorJson<Transcript>(`transcripts/${name}`).steps) {
    if (step.hex === undefined || step.frame === undefined) continue;
    const frame = frameNamed(step.frame);
    const [header] = [...cutFrames(new Uint8Array(Buffer.from(step.hex, 'hex')), largest)];
    expect(header?.requestId).toBe(step.request_id);
    if (header !== undefined && step.fields !== undefined) expect(readFrame(frame, header)).toEqual(camelCased(step.fields));
  }
});
