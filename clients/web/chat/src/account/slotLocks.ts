import { accountOf, forgetSlot, spareSlots } from './accountStore';
import { noteEnded } from './endedAccounts';

/** A tab that reloads is away for a moment; its slot is judged only after it had time to come back. */
const ComeBackMs = 10_000;
const lockOf = (slot: string) => `chat-slot ${slot}`;

/** Shows other tabs that this one lives on a slot; the browser lets go of it when the tab ends. Returns how to let go before. */
export function holdSlot(slot: string): () => void {
  const locks = lockManager();
  if (!locks) return () => undefined;
  const waiting = new AbortController();
  let end: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  // Shared, because several tabs may go on with the same account. The fault is that of a lock given up before it was granted.
  locks.request(lockOf(slot), { mode: 'shared', signal: waiting.signal }, () => held).catch(() => undefined);
  return () => {
    waiting.abort();
    end();
  };
}

/**
 * Forgets the slots that tabs left behind which were closed without signing out. The slot used last stays: a new tab goes on with it.
 * Without Web Locks nobody knows which tabs live, and nothing is forgotten.
 */
export async function sweepSlots(): Promise<void> {
  const locks = lockManager();
  if (!locks || spareSlots().length === 0) return;
  const { held = [] } = await locks.query();
  const suspects = spareSlots().filter((slot) => !held.some(({ name }) => name === lockOf(slot)));
  if (suspects.length === 0) return;
  await new Promise((resolve) => setTimeout(resolve, ComeBackMs));
  for (const slot of suspects.filter((suspect) => spareSlots().includes(suspect))) {
    await locks.request(lockOf(slot), { ifAvailable: true }, (lock) => {
      if (!lock) return;
      const account = accountOf(slot);
      forgetSlot(slot);
      if (account) noteEnded(account); // nobody signed out: what was not sent waits for them
    });
  }
}

/** Absent where the page did not come over a secure connection. */
function lockManager(): LockManager | undefined {
  return (navigator as { locks?: LockManager }).locks;
}
