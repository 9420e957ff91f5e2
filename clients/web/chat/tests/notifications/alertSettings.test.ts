import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { alertSettings } from '../../src/notifications/alertSettings';
import { MemoryStorage } from '../account/memoryStorage';

const defaults = { on: false, content: 'full', sounds: true };
let heard: ((event: { key: string }) => void)[] = [];
beforeEach(() => {
  heard = [];
  vi.stubGlobal('localStorage', new MemoryStorage());
  vi.stubGlobal('addEventListener', (_kind: string, handler: (event: { key: string }) => void) => heard.push(handler));
});
afterEach(() => vi.unstubAllGlobals());

it('is off until it is wanted, and each account’s own', () => {
  const mine = alertSettings(1);
  expect(mine.value).toEqual(defaults);
  mine.value = { ...mine.value, on: true, content: 'none' };
  expect(alertSettings(1)).toBe(mine);
  expect(alertSettings(2).value).toEqual(defaults);
  expect(JSON.parse(localStorage.getItem('chat.alerts.1') ?? '')).toEqual({ on: true, content: 'none', sounds: true });
});

it('follows the account’s other pages', () => {
  const mine = alertSettings(3);
  localStorage.setItem('chat.alerts.3', JSON.stringify({ on: true, content: 'sender', sounds: false }));
  for (const handler of heard) handler({ key: 'chat.alerts.3' });
  expect(mine.value).toEqual({ on: true, content: 'sender', sounds: false });
});

it('takes nonsense for nothing, and does without storage', () => {
  for (const [id, text] of [
    [4, '{'],
    [5, 'null'],
    [6, '{"on":1,"content":"all","sounds":"no"}'],
  ] as const) {
    localStorage.setItem(`chat.alerts.${id}`, text);
    expect(alertSettings(id).value).toEqual(defaults);
  }
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new DOMException('forbidden', 'SecurityError');
    },
  });
  const kept = alertSettings(8);
  kept.value = { ...kept.value, on: true };
  expect(alertSettings(8).value.on).toBe(true);
});
