import type { NamedMark } from './mentionMarks';

// What is half-written stays with its chat. In sessionStorage, so that a reload keeps it and a sign-out can forget it.

const Prefix = 'chat.draft.';

/** The two calls of `Storage` that drafts need, and a way to list keys. */
export interface DraftStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  key(index: number): string | null;
  readonly length: number;
}

export class Drafts {
  readonly #memory = new Map<number, string>();
  /** Whom a draft mentions, with the text for which that holds. */
  readonly #marks = new Map<number, { readonly text: string; readonly marks: readonly NamedMark[] }>();

  private readonly storage: DraftStorage | null;

  constructor(storage: DraftStorage | null) {
    this.storage = storage;
  }

  get(chatId: number): string {
    return this.#memory.get(chatId) ?? this.#read(chatId) ?? '';
  }

  set(chatId: number, text: string): void {
    if (text.trim() === '') {
      this.#memory.delete(chatId);
      this.#guard((s) => s.removeItem(Prefix + chatId));
      return;
    }
    this.#memory.set(chatId, text);
    this.#guard((s) => s.setItem(Prefix + chatId, text));
  }

  /** Only in memory: after a reload the names are plain text. */
  setMarks(chatId: number, text: string, marks: readonly NamedMark[]): void {
    if (marks.length === 0) this.#marks.delete(chatId);
    else this.#marks.set(chatId, { text, marks });
  }

  marksOf(chatId: number, text: string): readonly NamedMark[] {
    const held = this.#marks.get(chatId);
    return held?.text === text ? held.marks : [];
  }

  clear(): void {
    this.#memory.clear();
    this.#marks.clear();
    this.#guard((s) => {
      const keys = Array.from({ length: s.length }, (_, i) => s.key(i));
      for (const key of keys) if (key?.startsWith(Prefix)) s.removeItem(key);
    });
  }

  #read(chatId: number): string | null {
    let text: string | null = null;
    this.#guard((s) => (text = s.getItem(Prefix + chatId)));
    return text;
  }

  /** Storage can be full or forbidden; the copy in memory then has to do. */
  #guard(use: (storage: DraftStorage) => void): void {
    if (!this.storage) return;
    try {
      use(this.storage);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
