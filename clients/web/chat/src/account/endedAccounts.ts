/** An account whose session ended by itself: it was signed out on another device, or ran out. */
export interface EndedAccount {
  readonly principalId: number;
  readonly name: string;
  readonly endedAt: number;
}

const StorageKey = 'chat.ended';
/** As long as an unsent message is sent without asking (`maxAgeMs` of the SDK's outbox). */
const KeptMs = 7 * 24 * 3_600_000;

/** Those whose unsent messages stay on this device until they sign in again. */
export function endedAccounts(now = Date.now()): readonly EndedAccount[] {
  try {
    const kept = JSON.parse(localStorage.getItem(StorageKey) ?? '[]') as unknown;
    return Array.isArray(kept) ? kept.filter(isEndedAccount).filter(({ endedAt }) => now - endedAt < KeptMs) : [];
  } catch {
    return []; // storage is forbidden, or holds what is none of ours
  }
}

export function noteEnded({ principalId, name }: Omit<EndedAccount, 'endedAt'>, now = Date.now()): void {
  keep([...endedAccounts(now).filter((one) => one.principalId !== principalId), { principalId, name, endedAt: now }]);
}

/** They are signed in again, or have signed out by their own wish. */
export function forgetEnded(principalId: number): void {
  if (isEnded(principalId)) keep(endedAccounts().filter((one) => one.principalId !== principalId));
}

export function isEnded(principalId: number): boolean {
  return endedAccounts().some((one) => one.principalId === principalId);
}

function keep(accounts: readonly EndedAccount[]): void {
  try {
    if (accounts.length === 0) localStorage.removeItem(StorageKey);
    else localStorage.setItem(StorageKey, JSON.stringify(accounts));
  } catch {
    // Storage is forbidden or full: so is that of what waits.
  }
}

function isEndedAccount(one: unknown): one is EndedAccount {
  const { principalId, name, endedAt } = (typeof one === 'object' && one !== null ? one : {}) as Partial<
    Record<keyof EndedAccount, unknown>
  >;
  return Number.isSafeInteger(principalId) && typeof name === 'string' && typeof endedAt === 'number';
}
