import { type AccountSession, register, restoreSession, signIn, signInWithPasskey, type TokenStore } from '@chat/sdk';
import { type ShallowRef, shallowRef } from 'vue';
import { clearDrafts } from '../composer/useDraft';
import { quietDevice } from '../notifications/quietDevice';
import { currentSlot, forgetSlot, newSlot, storeOf, useSlot } from './accountStore';
import { forgetEnded, noteEnded } from './endedAccounts';
import { onSignedOut, tellSignedOut } from './otherTabs';
import { holdSlot, sweepSlots } from './slotLocks';

export interface Registration {
  name: string;
  email?: string;
  phone?: string;
  password: string;
}

const session = shallowRef<AccountSession | null>(null);
let slot: string | null = null;
let letGo: () => void = () => undefined;
let restored: Promise<void> | null = null;
/** The person is signing out, by their own wish: what the service takes away now did not end by itself. */
let isLeaving = false;

const url = () => location.origin;
const deviceName = () => `Web · ${/Firefox|Edg|Chrome|Safari/u.exec(navigator.userAgent)?.[0] ?? 'browser'}`;

/** Continues the account of this tab, once; later calls wait for the same outcome. A new tab goes on as the given one, where it is kept. */
function restore(principalId?: number): Promise<void> {
  restored ??= (async () => {
    const kept = currentSlot(principalId);
    if (kept !== null) session.value = await restoreSession({ url: url(), store: watched(storeOf(kept)) });
    if (session.value) bind(kept as string);
    else sweep();
  })();
  return restored;
}

/** The same store; a session that the service takes away is noted, so that what its person wrote and was not sent is not swept with it. */
function watched(store: TokenStore): TokenStore {
  return {
    load: () => store.load(),
    save: (held) => store.save(held),
    async clear() {
      const held = isLeaving ? null : await store.load();
      if (held !== null) noteEnded(held);
      await store.clear();
    },
  };
}

/** This tab lives on a slot from now on. */
function bind(to: string): void {
  letGo();
  const letGoOfSlot = holdSlot(to);
  const stopListening = onSignedOut(to, () => forget(true)); // their person has left in another tab
  letGo = () => {
    letGoOfSlot();
    stopListening();
  };
  slot = to;
  useSlot(to);
  if (session.value) forgetEnded(session.value.principalId);
  void sweepSlots().then(sweep);
}

function sweep(): void {
  // Comes beside the first load. What cannot be swept now is with the next start.
  void import('./leftovers').then(({ sweepLeftovers }) => sweepLeftovers(session.value?.principalId)).catch(() => undefined);
}

async function enter(open: (store: ReturnType<typeof storeOf>) => Promise<AccountSession>): Promise<void> {
  const fresh = newSlot();
  try {
    session.value = await open(watched(storeOf(fresh)));
    bind(fresh);
  } catch (error) {
    forgetSlot(fresh);
    throw error;
  }
}

/** @param byWish Its person has signed out; else the session ended by itself, and what was not sent stays until they sign in again. */
function forget(byWish: boolean): void {
  if (session.value) {
    if (byWish) forgetEnded(session.value.principalId);
    else noteEnded(session.value);
    void quietDevice(session.value.principalId);
  }
  if (slot !== null) forgetSlot(slot);
  letGo();
  slot = null;
  session.value = null;
  clearDrafts();
  sweep();
}

/** Ends the session by its person's wish. What `end` throws is thrown, and the session goes on then. */
async function leave(end: (ending: AccountSession | null) => Promise<void>): Promise<void> {
  isLeaving = true;
  try {
    await end(session.value);
    const left = slot;
    forget(true);
    if (left !== null) tellSignedOut(left);
  } finally {
    isLeaving = false;
  }
}

export function useAccount() {
  return {
    /** What the session is kept under: the same in all tabs that go on with it. */
    device: () => slot,
    // Not `readonly()`: its proxy would hide the private fields of the session from the session itself.
    session: session as Readonly<ShallowRef<AccountSession | null>>,
    restore,
    /** Fails with `second_factor_required` where the account asks for a code as well. */
    signIn: (login: string, password: string, code?: string) =>
      enter((store) => signIn({ url: url(), login, password, ...(code === undefined ? {} : { code }), deviceName: deviceName(), store })),
    signInByPasskey: () => enter((store) => signInWithPasskey({ url: url(), deviceName: deviceName(), store })),
    register: (input: Registration) => enter((store) => register({ url: url(), ...input, deviceName: deviceName(), store })),
    /** Forgets the account here even when the server cannot be told; its refresh token then runs out by itself. */
    signOut: () => leave(async (ending) => ending?.signOut().catch(() => undefined)),
    /** Throws when the server could not do it: "everywhere" must not be claimed then. */
    signOutEverywhere: () => leave(async (ending) => ending?.signOutEverywhere()),
    /** The session ended by itself. What was not sent stays here until its person signs in again. */
    forget: () => forget(false),
  };
}
