import type { NamedMark } from './mentionMarks';

// What is half-written stays with its chat. In sessionStorage, so that a reload keeps it and a sign-out can forget it.

const Prefix = 'chat.draft.';
const MarksPrefix = `${Prefix}marks.`;

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
  readonly #marks = new Map<number, readonly NamedMark[]>();

  private readonly storage: DraftStorage | null;

  constructor(storage: DraftStorage | null) {
    this.storage = storage;
  }

  get(chatId: number): string {
    return this.#memory.get(chatId) ?? this.#read(Prefix + chatId) ?? '';
  }

  set(chatId: number, text: string): void {
    if (text.trim() === '') {
      this.#memory.delete(chatId);
      this.#guard((s) => s.removeItem(Prefix + chatId));
      this.setMarks(chatId, []);
      return;
    }
    this.#memory.set(chatId, text);
    this.#guard((s) => s.setItem(Prefix + chatId, text));
  }

  setMarks(chatId: number, marks: readonly NamedMark[]): void {
    if (marks.length === 0) {
      this.#marks.delete(chatId);
      this.#guard((s) => s.removeItem(MarksPrefix + chatId));
      return;
    }
    this.#marks.set(chatId, marks);
    this.#guard((s) => s.setItem(MarksPrefix + chatId, JSON.stringify(marks)));
  }

  /** Whom a draft of this text mentions: of what was kept, the names that stand in it where they stood. */
  marksOf(chatId: number, text: string): readonly NamedMark[] {
    const held = this.#marks.get(chatId) ?? readMarks(this.#read(MarksPrefix + chatId));
    return held.filter((mark) => text.startsWith(mark.text, mark.start));
  }

  clear(): void {
    this.#memory.clear();
    this.#marks.clear();
    this.#guard((s) => {
      const keys = Array.from({ length: s.length }, (_, i) => s.key(i));
      for (const key of keys) if (key?.startsWith(Prefix)) s.removeItem(key);
    });
  }

  #read(key: string): string | null {
    let value: string | null = null;
    this.#guard((s) => (value = s.getItem(key)));
    return value;
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

/** What this tab kept before it was loaded anew, perhaps by another version of the page: what is no mark is left out. */
function readMarks(kept: string | null): NamedMark[] {
  try {
    const marks: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(marks) ? marks.filter(isMark) : [];
  } catch (fault) {
    if (fault instanceof SyntaxError) return [];
    throw fault;
  }
}

function isMark(mark: Partial<NamedMark> | null): mark is NamedMark {
  return (
    typeof mark?.text === 'string' &&
    mark.text !== '' &&
    Number.isSafeInteger(mark.start) &&
    (mark.start ?? -1) >= 0 &&
    Number.isSafeInteger(mark.principalId)
  );
}
