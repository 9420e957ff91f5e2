import { describe, expect, test } from 'vitest';
import { chatKinds, closeCodes, disconnectVerdict, eventKinds, frameTypes, memberRoles, principalKinds } from '../src/codes.js';
import * as errorCodes from '../src/error-codes.js';
import { errorName } from '../src/error-name.js';
import { ChatError } from '../src/errors.js';
import * as inboxKinds from '../src/inbox-kinds.js';
import { specText } from './support/vectors.js';

const spec = specText();

function rows(pattern: RegExp): RegExpMatchArray[] {
  const found = [...spec.matchAll(pattern)];
  expect(found.length).toBeGreaterThan(1);
  return found;
}

// A number that differs here was edited: append, never edit.
describe('the numbers are those of protocol-spec.md', () => {
  test('frame types (§5)', () => {
    const table = Object.fromEntries(rows(/^\| (\d+) \| ([a-z_]+) \| [CS] \|/gm).map((row) => [row[2], Number(row[1])]));
    expect(frameTypes).toEqual(table);
  });

  test('error codes (§9.1)', () => {
    const table = Object.fromEntries(rows(/^\| (\d{3}) \| ([a-z_]+) \| (?:yes|no) \| \d{3} \|/gm).map((row) => [row[2], Number(row[1])]));
    expect({ ...errorCodes }).toEqual(table);
  });

  test('close codes (§9.2)', () => {
    const table = Object.fromEntries(rows(/^\| (4\d{3}) \| ([a-z_]+) \|/gm).map((row) => [row[2], Number(row[1])]));
    expect(closeCodes).toEqual(table);
  });

  test('event kinds (§6.25)', () => {
    const section = spec.slice(spec.indexOf('### 6.25'), spec.indexOf('### 6.26'));
    const table = Object.fromEntries([...section.matchAll(/^\| (\d+) \| ([a-z_]+) \|/gm)].map((row) => [row[2], Number(row[1])]));
    expect({ ...eventKinds, ...inboxKinds }).toEqual(table);
  });

  test('the small ones of §6.20 and §6.22', () => {
    expect(spec).toContain('1 direct, 2 group, 3 channel (§8.9), 5 inbox (4 support is reserved)');
    expect(chatKinds).toEqual({ direct: 1, group: 2, channel: 3, support: 4, inbox: 5 });
    expect(spec).toContain("the asker's: 1 member, 2 admin");
    expect(memberRoles).toEqual({ member: 1, admin: 2 });
    expect(spec).toContain('kind is 1 person, 2 agent, 3 visitor, 4 bot');
    expect(principalKinds).toEqual({ person: 1, agent: 2, visitor: 3, bot: 4 });
  });
});

describe('the verdict on a close code', () => {
  test.each([
    [1000, 'stop'],
    [1001, 'come_back'],
    [1002, 'stop'],
    [1003, 'stop'],
    [1005, 'come_back'],
    [1006, 'come_back'],
    [1007, 'stop'],
    [1008, 'stop'],
    [1009, 'stop'],
    [1011, 'come_back'],
    [1012, 'come_back'],
    [4000, 'come_back'],
    [4399, 'come_back'],
    [4400, 'come_back_with_new_token'],
    [4499, 'come_back_with_new_token'],
    [4500, 'stop'],
    [4999, 'stop'],
  ] as const)('%d is %s', (code, verdict) => {
    expect(disconnectVerdict(code)).toBe(verdict);
  });
});

test('the code of an error has a name, also one that is not known', () => {
  expect(errorName(400)).toBe('busy');
  expect(errorName(-1)).toBe('network');
  expect(errorName(499)).toBe('code_499');
  expect(String(new ChatError(400, 'The service is busy.'))).toBe('ChatError: The service is busy.');
});
