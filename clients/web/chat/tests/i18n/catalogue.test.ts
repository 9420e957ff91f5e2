import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { i18n, withWords } from '../../src/i18n';

const en = Object.assign({}, ...Object.values(import.meta.glob<object>('../../src/i18n/en/!(index).ts', { eager: true })));
const root = join(import.meta.dirname, '../../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => /\.(vue|ts)$/u.test(f) && !/^i18n.[a-z]+./u.test(f));

function has(key: string): boolean {
  let node: unknown = en;
  for (const part of key.split('.')) node = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[part] : undefined;
  return typeof node === 'string';
}

/** What stands first between the brackets of every `t(…)`, also where it is chosen: `t(muted ? 'a.b' : 'a.c')`. */
function wanted(source: string): string[] {
  return [...source.matchAll(/\bt\(/gu)].map(({ index }) => {
    const rest = source.slice(index + 2);
    let depth = 0;
    const parts: string[] = [];
    for (const [part] of rest.matchAll(/'[^'\n]*'|`[^`]*`|[([{]|[)\]}]|,|[^'`()[\]{},]+/gu)) {
      if (depth === 0 && (part === ',' || part === ')')) break;
      if ('([{'.includes(part)) depth += 1;
      else if (')]}'.includes(part)) depth -= 1;
      parts.push(part);
    }
    return parts.join('');
  });
}
const keysOf = (source: string) => wanted(source).flatMap((first) => [...first.matchAll(/'(\w+(?:\.\w+)+)'/gu)].map(([, key = '']) => key));

describe('the catalogue', () => {
  it('is asked for keys that are chosen, too', () => {
    const source = "t(a === 'x' ? 'one.a' : b(1, 'two.b') ? `three.c` : 'one.c', { d: 'four.d' }) + t('five.e') + at('six.f')";
    expect(keysOf(source)).toEqual(['one.a', 'two.b', 'one.c', 'five.e']);
  });

  it('has every key that the source names', () => {
    const missing: string[] = [];
    for (const file of sources) {
      const text = readFileSync(join(root, file), 'utf8');
      for (const key of keysOf(text)) if (!has(key)) missing.push(`${file}: ${key}`);
    }
    expect(sources.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it('takes the words of a view that comes later', async () => {
    const { t, te, messages } = i18n.global;
    const words = (messages.value as Record<string, object>)['en'] ?? {};
    expect([te('calls.title'), Object.isExtensible(words)]).toEqual([false, true]);
    expect(Object.prototype.toString.call(words)).toBe('[object Object]'); // no namespace of a module
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

  it('writes numbers as the language does', () => {
    const { t } = i18n.global;
    expect(t('chats.unread', 12_345)).toBe('12,345 unread messages');
    expect(t('reactions.chip', { emoji: '👍', count: 1_000 }, 1_000)).toBe('👍, 1,000 people');
  });
});
