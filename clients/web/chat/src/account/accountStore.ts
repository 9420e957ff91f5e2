import { localStorageStore, memoryStore, type StoredSession, type TokenStore } from '@chat/sdk';

// A tab remembers its own account, so that two windows may be two people and each stays itself over a reload.
// A new tab continues with the account that was used last.

const TabSlotKey = 'chat.slot';
const LastSlotKey = 'chat.lastSlot';
const SessionPrefix = 'chat.session.';
const sessionKey = (slot: string) => SessionPrefix + slot;

/** The slot of the account this tab goes on with; null when nobody is signed in. A new tab may be one for a certain account. */
export function currentSlot(principalId = Number.NaN): string | null {
  const wanted = () => keptSlots().find((slot) => accountOf(slot)?.principalId === principalId);
  return guarded(() => sessionStorage.getItem(TabSlotKey) ?? wanted() ?? localStorage.getItem(LastSlotKey), null);
}

/** Names a new slot. The tab is bound to it by `useSlot`, once somebody is signed in there. */
export function newSlot(): string {
  return crypto.getRandomValues(new Uint32Array(2)).join('-');
}

/** Slots that hold a session and are neither this tab's nor the one a new tab would go on with. */
export function spareSlots(): string[] {
  return guarded(() => {
    const used = [sessionStorage.getItem(TabSlotKey), localStorage.getItem(LastSlotKey)];
    return keptSlots().filter((slot) => !used.includes(slot));
  }, []);
}

/** The accounts that this browser keeps a session of. */
export function keptPrincipals(): (number | undefined)[] {
  return guarded(() => keptSlots().map((slot) => accountOf(slot)?.principalId), []);
}

function keptSlots(): string[] {
  return Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '')
    .filter((key) => key.startsWith(SessionPrefix))
    .map((key) => key.slice(SessionPrefix.length));
}

/** Whose session a slot holds. */
export function accountOf(slot: string): Pick<StoredSession, 'principalId' | 'name'> | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(sessionKey(slot)) ?? 'null') as Partial<StoredSession> | null;
    return kept?.principalId === undefined ? undefined : { principalId: kept.principalId, name: kept.name ?? '' };
  } catch (fault) {
    if (fault instanceof SyntaxError) return undefined; // another program's entry: the same as none
    throw fault;
  }
}

export function useSlot(slot: string): void {
  guarded(() => {
    sessionStorage.setItem(TabSlotKey, slot);
    localStorage.setItem(LastSlotKey, slot);
  }, undefined);
}

export function forgetSlot(slot: string): void {
  guarded(() => {
    localStorage.removeItem(sessionKey(slot));
    if (sessionStorage.getItem(TabSlotKey) === slot) sessionStorage.removeItem(TabSlotKey);
    if (localStorage.getItem(LastSlotKey) === slot) localStorage.removeItem(LastSlotKey);
  }, undefined);
}

export function storeOf(slot: string): TokenStore {
  return guarded(() => {
    localStorage.getItem(sessionKey(slot)); // throws where storage is forbidden
    return localStorageStore(sessionKey(slot));
  }, memoryStore());
}

function guarded<T>(use: () => T, otherwise: T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof DOMException) return otherwise; // private mode, blocked cookies, full storage
    throw error;
  }
}
