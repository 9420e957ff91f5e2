import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { i18n, withWords } from '../../src/i18n';

const en = Object.assign({}, ...Object.values(import.meta.glob<object>('../../src/i18n/en/!(index).ts', { eager: true })));
const root = join(import.meta.dirname, '../../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => /\.(vue|ts)$/u.test(f) && !f.startsWith('i18n/en/'));

function has(key: string): boolean {
  let node: unknown = en;
  for (const part of key.split('.')) node = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[part] : undefined;
  return typeof node === 'string';
}

describe('the catalogue', () => {
  it('has every key that the source names', () => {
    const missing: string[] = [];
    for (const file of sources) {
      const text = readFileSync(join(root, file), 'utf8');
      for (const [, key] of text.matchAll(/\bt\('([\w.]+)'/gu)) if (key && !has(key)) missing.push(`${file}: ${key}`);
    }
    expect(sources.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it('takes the words of a view that comes later', async () => {
    const { t, te, messages } = i18n.global;
    expect([te('calls.title'), Object.isExtensible(messages.value.en)]).toEqual([false, true]);
    expect(Object.prototype.toString.call(messages.value.en)).toBe('[object Object]'); // no namespace of a module
    expect(await withWords('calls', async () => 'view')).toBe('view');
    expect([t('calls.title'), t('chats.title')]).toEqual(['Calls', 'Chats']);
  });

  it('follows the plural rule of the locale', () => {
    const { t } = i18n.global;
    expect(t('chats.unread', 1)).toBe('1 unread message');
    expect(t('chats.unread', 5)).toBe('5 unread messages');
    expect(t('conversation.newMessages', 0)).toBe('Jump to the latest message');
    expect(t('conversation.newMessages', 1)).toBe('1 new message');
    expect(t('conversation.newMessages', 2)).toBe('2 new messages');
  });
});
