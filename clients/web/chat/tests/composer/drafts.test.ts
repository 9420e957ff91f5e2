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

  it('keep whom they mention over a reload, as long as the name stands where it stood', () => {
    const storage = new FakeStorage();
    const marks = [{ start: 3, text: '@Ben', principalId: 7 }];
    const drafts = new Drafts(storage);
    drafts.set(1, 'hi @Ben');
    drafts.setMarks(1, marks);
    const reloaded = new Drafts(storage);
    expect(reloaded.marksOf(1, 'hi @Ben')).toEqual(marks);
    expect(reloaded.marksOf(1, 'oh, hi @Ben')).toEqual([]);
    expect(reloaded.marksOf(2, 'hi @Ben')).toEqual([]);
    reloaded.setMarks(1, []);
    expect(new Drafts(storage).marksOf(1, 'hi @Ben')).toEqual([]);
  });

  it('mention nobody once they are empty', () => {
    const storage = new FakeStorage();
    const drafts = new Drafts(storage);
    drafts.set(1, '@Ben');
    drafts.setMarks(1, [{ start: 0, text: '@Ben', principalId: 7 }]);
    drafts.set(1, '');
    expect(storage.length).toBe(0);
    expect(drafts.marksOf(1, '@Ben')).toEqual([]);
  });

  it.each([
    'not JSON',
    'null',
    '{}',
    '[null, 1, {"start":0,"text":"","principalId":7}, {"start":-1,"text":"@","principalId":7}, {"start":0,"text":"@Ben","principalId":"7"}]',
  ])('mention nobody where what was kept is no list of marks: %s', (kept) => {
    const storage = new FakeStorage();
    storage.setItem('chat.draft.marks.1', kept);
    expect(new Drafts(storage).marksOf(1, '@Ben')).toEqual([]);
  });

  it('are all forgotten at sign-out, and nothing else is', () => {
    const storage = new FakeStorage();
    storage.setItem('other', 'x');
    const drafts = new Drafts(storage);
    drafts.set(1, 'one');
    drafts.set(2, 'two @Ben');
    drafts.setMarks(2, [{ start: 4, text: '@Ben', principalId: 7 }]);
    drafts.clear();
    expect([...storage.entries.keys()]).toEqual(['other']);
    expect(drafts.get(1)).toBe('');
    expect(drafts.marksOf(2, 'two @Ben')).toEqual([]);
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
