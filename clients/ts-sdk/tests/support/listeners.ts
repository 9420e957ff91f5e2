import { onTestFinished } from 'vitest';
import { Emitter } from '../../src/emitter.js';

/** Counts the handlers that clients and chats have from here on, until each is ended. */
export function countListeners(): { readonly live: number } {
  const live = new Set<object>();
  const original = Emitter.prototype.on;
  Emitter.prototype.on = function on(this: Emitter<never>, event: never, handler: never): () => void {
    const end = original.call(this, event, handler);
    const held = {};
    live.add(held);
    return () => {
      live.delete(held);
      end();
    };
  } as typeof original;
  onTestFinished(() => {
    Emitter.prototype.on = original;
  });
  return {
    get live() {
      return live.size;
    },
  };
}
