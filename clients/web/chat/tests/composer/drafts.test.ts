import { describe, expect, it } from 'vitest';
import { type DraftStorage, Drafts } from '../../src/composer/drafts';

class FakeStorage implements DraftStorage {
  readonly entries = new Map<string, string>();
  getItem = (key: string) => this.entries.get(key) ?? null;
  setItem = (key: string, value: string) => void this.entries.set(key, value);
  removeItem = (key: string) => void this.entries.delete(key);
  key = (index: number) => [...this.entries.keys()][index] ?? null;
  get length() {
    return this.entries.size;
  }
}

describe('drafts', () => {
  it('are kept per chat and survive a reload', () => {
    const storage = new FakeStorage();
    const drafts = new Drafts(storage);
    drafts.set(1, 'one');
    drafts.set(2, 'two');
    expect(drafts.get(1)).toBe('one');
    expect(new Drafts(storage).get(2)).toBe('two');
  });

  it('are gone when only white space is left', () => {
    const storage = new FakeStorage();
    const drafts = new Drafts(storage);
    drafts.set(1, 'one');
    drafts.set(1, ' \n');
    expect(drafts.get(1)).toBe('');
    expect(storage.length).toBe(0);
  });

  it('are all forgotten at sign-out, and nothing else is', () => {
    const storage = new FakeStorage();
    storage.setItem('other', 'x');
    const drafts = new Drafts(storage);
    drafts.set(1, 'one');
    drafts.set(2, 'two');
    drafts.clear();
    expect([...storage.entries.keys()]).toEqual(['other']);
    expect(drafts.get(1)).toBe('');
  });

  it('live in memory when storage is full or forbidden', () => {
    const storage = new FakeStorage();
    storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const drafts = new Drafts(storage);
    drafts.set(1, 'one');
    expect(drafts.get(1)).toBe('one');
    expect(new Drafts(null).get(1)).toBe('');
  });
});
