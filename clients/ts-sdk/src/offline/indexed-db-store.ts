import type { KeptMessage, OutboxStore } from '../ports.js';

const table = 'messages';
/** Behind every id in the order of keys: an array sorts after a string. */
const last: IDBValidKey = [];

/** Messages in a database of the browser. Opened when first needed; one that cannot be opened is tried again. */
export class IndexedDbStore implements OutboxStore {
  readonly #name: string;
  #opening: Promise<IDBDatabase> | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  async load(principalId: number): Promise<KeptMessage[]> {
    const messages = (await this.#open()).transaction(table).objectStore(table);
    return answer(messages.getAll(ofAccount(principalId)) as IDBRequest<KeptMessage[]>);
  }

  async write(puts: readonly KeptMessage[], deletes: readonly Pick<KeptMessage, 'principalId' | 'clientMessageId'>[]): Promise<void> {
    const transaction = (await this.#open()).transaction(table, 'readwrite');
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      const messages = transaction.objectStore(table);
      for (const message of puts) messages.put(message);
      for (const { principalId, clientMessageId } of deletes) messages.delete([principalId, clientMessageId]);
    });
  }

  /** Whose messages there are. */
  async principals(): Promise<number[]> {
    const messages = (await this.#open()).transaction(table).objectStore(table);
    const keys = (await answer(messages.getAllKeys())) as [number, string][];
    return [...new Set(keys.map(([principalId]) => principalId))];
  }

  async count(principalId: number): Promise<number> {
    const messages = (await this.#open()).transaction(table).objectStore(table);
    return answer(messages.count(ofAccount(principalId)));
  }

  async drop(principalId: number): Promise<void> {
    const messages = (await this.#open()).transaction(table, 'readwrite').objectStore(table);
    await answer(messages.delete(ofAccount(principalId)));
  }

  close(): void {
    const opening = this.#opening;
    this.#opening = null;
    opening?.then(
      (database) => database.close(),
      () => undefined, // it was never open, which whoever asked was told
    );
  }

  #open(): Promise<IDBDatabase> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<IDBDatabase> {
    try {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: ['principalId', 'clientMessageId'] });
      const database = await answer(request);
      database.onversionchange = () => this.close(); // somebody deletes it, or a later version needs it otherwise
      database.onclose = () => this.close(); // the browser lost it: the next call opens it again
      return database;
    } catch (thrown) {
      this.#opening = null;
      throw thrown;
    }
  }
}

function ofAccount(principalId: number): IDBKeyRange {
  return IDBKeyRange.bound([principalId], [principalId, last]);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
