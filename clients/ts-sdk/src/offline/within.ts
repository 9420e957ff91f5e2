import type { Clock } from '../ports.js';

/** Browsers have databases that never answer: what waits for one is not to wait for ever. */
const patienceMs = 5_000;

/** Rejects when `work` takes longer than anybody would wait; the work itself goes on. */
export function within<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(patienceMs, () => reject(new Error(`No answer within ${patienceMs} ms.`)));
    work.then(resolve, reject).finally(cancel);
  });
}
