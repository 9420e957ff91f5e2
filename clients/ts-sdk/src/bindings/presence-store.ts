import type { ChatClient, Presence } from '../api.js';
import { Emitter } from '../emitter.js';
import { createPresences, type Presences } from '../people/presences.js';
import { createStore, type Store, together } from './store.js';

/** As many as the service follows for one session (protocol-spec.md §10). */
const maxWatched = 200;

const hubs = new WeakMap<ChatClient, PresenceHub>();

/** One person's presence, undefined while unknown. It is followed as long as somebody listens. */
export function presenceStore(client: ChatClient, principalId: number): Store<Presence | undefined> {
  return createStore({
    initial: undefined,
    read: () => hubs.get(client)?.of(principalId),
    start(changed) {
      const hub = hubs.get(client) ?? new PresenceHub(client);
      hubs.set(client, hub);
      return together(hub.on(principalId, changed), hub.follow(principalId));
    },
  });
}

/** A session follows one set of people: this is the union of all who are shown. */
class PresenceHub {
  readonly #client: ChatClient;
  readonly #emitter = new Emitter<Record<number, Presence | undefined>>();
  /** Null while nobody is shown. */
  #presences: Presences | null = null;
  /** How often each is shown, the one shown last at the end. */
  readonly #shown = new Map<number, number>();
  #told = '';
  #isDue = false;

  constructor(client: ChatClient) {
    this.#client = client;
  }

  of(principalId: number): Presence | undefined {
    return this.#presences?.of(principalId);
  }

  on(principalId: number, changed: () => void): () => void {
    return this.#emitter.on(principalId, changed);
  }

  follow(principalId: number): () => void {
    const count = this.#shown.get(principalId) ?? 0;
    this.#shown.delete(principalId);
    this.#shown.set(principalId, count + 1);
    this.#tellSoon();
    return () => this.#leave(principalId);
  }

  #leave(principalId: number): void {
    const left = (this.#shown.get(principalId) ?? 1) - 1;
    if (left > 0) this.#shown.set(principalId, left);
    else this.#shown.delete(principalId);
    this.#tellSoon();
  }

  /** A list that is drawn anew asks once: after those who are shown no more were let go, which is at the end of the turn, too. */
  #tellSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() =>
      queueMicrotask(() => {
        this.#isDue = false;
        this.#tell();
      }),
    );
  }

  /** Of too many, those that came into view last. */
  #tell(): void {
    const watched = [...this.#shown.keys()].slice(-maxWatched);
    const told = [...watched].sort((a, b) => a - b).join();
    if (told === this.#told) return;
    this.#told = told;
    this.#presences ??= createPresences(this.#client, (principalId, presence) => this.#emitter.emit(principalId, presence));
    const asked = this.#presences.watch(watched);
    if (watched.length === 0) this.#rest();
    asked.catch(() => {
      if (this.#told === told) this.#told = 'unknown'; // the next change asks again, and so does the client after its next welcome
    });
  }

  #rest(): void {
    this.#presences?.close();
    this.#presences = null;
  }
}
