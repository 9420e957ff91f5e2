import { localStorageStore, memoryStore, type TokenStore } from '@chat/sdk';

// A tab remembers its own account, so that two windows may be two people and each stays itself over a reload.
// A new tab continues with the account that was used last.

const TabSlotKey = 'chat.slot';
const LastSlotKey = 'chat.lastSlot';
const sessionKey = (slot: string) => `chat.session.${slot}`;

/** The slot of the account this tab goes on with; null when nobody is signed in. */
export function currentSlot(): string | null {
  return guarded(() => sessionStorage.getItem(TabSlotKey) ?? localStorage.getItem(LastSlotKey), null);
}

/** Makes a new slot and binds this tab to it. */
export function newSlot(): string {
  const slot = crypto.getRandomValues(new Uint32Array(2)).join('-');
  useSlot(slot);
  return slot;
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
