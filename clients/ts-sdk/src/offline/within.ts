import type { Clock } from '../ports.js';

/** Browsers have databases that never answer: what waits for one is not to wait for ever. */
const patienceMs = 5_000;

/** It was waited for long enough. What was asked for may be done still. */
export class NoAnswer extends Error {
  constructor() {
    super(`No answer within ${patienceMs} ms.`);
  }
}

/** Rejects with `NoAnswer` when `work` takes longer than anybody would wait; the work itself goes on. */
export function within<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(patienceMs, () => reject(new NoAnswer()));
    work.then(resolve, reject).finally(cancel);
  });
}
