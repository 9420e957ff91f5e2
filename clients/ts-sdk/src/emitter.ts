/** Typed events. A handler that throws is reported and keeps nobody else from hearing. */
export class Emitter<Events> {
  readonly #handlers = new Map<keyof Events, Set<(payload: never) => void>>();

  /** Returns the function that ends it. */
  on<K extends keyof Events>(event: K, handler: (payload: Events[K]) => void): () => void {
    const own = (payload: Events[K]): void => handler(payload); // the same function may listen twice
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(own));
    return () => handlers.delete(own);
  }

  emit<K extends keyof Events>(event: K, payload: Events[K]): void {
    for (const handler of [...(this.#handlers.get(event) ?? [])]) {
      try {
        (handler as (payload: Events[K]) => void)(payload);
      } catch (thrown) {
        reportThrown(thrown);
      }
    }
  }
}

/** As if it had been thrown in a listener of the platform: visible, and without a way back into our code. */
export function reportThrown(thrown: unknown): void {
  queueMicrotask(() => {
    throw thrown;
  });
}

/** Runs `action` once at the end of the turn, however often it is asked for. */
export function oncePerTurn(action: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      action();
    });
  };
}
