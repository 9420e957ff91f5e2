import { fullJitter } from '../connection/retry.js';
import { ChatError } from '../errors.js';

/** Failures in a row before an upload is left where it is. */
const maxFailures = 8;

/** Says how often a call of one upload is made again after a passing failure, and when. */
export class Patience {
  readonly #signal: AbortSignal | undefined;
  #failures = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** The upload came further: the count begins anew. That a question was answered is no such thing. */
  reset(): void {
    this.#failures = 0;
  }

  async insist<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch (thrown) {
        await this.wait(thrown);
      }
    }
  }

  /** Waits before the next attempt; throws what failed when it makes no sense, or was tried often enough. */
  async wait(thrown: unknown): Promise<void> {
    if (!(thrown instanceof ChatError) || !thrown.retryable || ++this.#failures > maxFailures) throw thrown;
    await pause(Math.max(fullJitter(this.#failures, Math.random), thrown.retryAfterMs ?? 0), this.#signal);
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
