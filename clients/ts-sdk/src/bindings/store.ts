/** What a framework shows: a value that stays the same object until it is another one, and whoever wants to hear of that. */
export interface Store<T> {
  /** Reads without asking the server for anything. */
  readonly snapshot: () => T;
  /** The value where nobody has connected: on a server that renders, and in the page that takes its rendering over. */
  readonly initial: T;
  /** Returns the function that ends it; the same listener may listen twice. */
  readonly subscribe: (listener: () => void) => () => void;
}

export interface StoreSource<T> {
  readonly initial: T;
  read(): T;
  /** With the first listener. Returns what lets go of everything again. */
  start(changed: () => void): () => void;
}

/** One source for any number of listeners: it runs from the first to the last of them. */
export function createStore<T>({ initial, read, start }: StoreSource<T>): Store<T> {
  const listeners = new Set<() => void>();
  let stop: (() => void) | null = null;

  function changed(): void {
    for (const listener of [...listeners]) listener();
  }

  /** Who comes back within the turn takes it over: React's StrictMode, and a view that gives way to another of the same chat. */
  function release(): void {
    if (listeners.size > 0) return;
    stop?.();
    stop = null;
  }

  return {
    initial,
    snapshot: read,
    subscribe(listener) {
      const own = (): void => listener();
      listeners.add(own);
      stop ??= start(changed);
      return () => {
        if (listeners.delete(own)) queueMicrotask(release);
      };
    },
  };
}

/** The same object as long as what it is made of is the same. */
export function kept<Parts extends unknown[], T>(parts: () => [...Parts], make: (...parts: Parts) => T): () => T {
  let held: { readonly parts: Parts; readonly value: T } | null = null;
  return () => {
    const now = parts();
    const before = held?.parts;
    if (held === null || now.some((part, at) => !Object.is(part, before?.[at]))) held = { parts: now, value: make(...now) };
    return held.value;
  };
}

/** Ends all of them. */
export function together(...ends: readonly (() => void)[]): () => void {
  return () => {
    for (const end of ends) end();
  };
}
