let last: Promise<unknown> = Promise.resolve();

/**
 * What changes whose notifications this browser shows goes one after another, in all tabs where the browser can say so: one who signs in while
 * the one before is still being taken away would lose their own subscription to that.
 */
export function inPushTurn<T>(change: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks; // none where the page did not come over a secure connection
  if (locks) return locks.request('chat-push', change) as Promise<T>;
  const turn = last.then(change);
  last = turn.catch(() => undefined);
  return turn;
}
