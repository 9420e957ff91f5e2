import { type AccountSession, register, restoreSession, signIn, signInWithPasskey } from '@chat/sdk';
import { type ShallowRef, shallowRef } from 'vue';
import { clearDrafts } from '../composer/useDraft';
import { quietDevice } from '../notifications/quietDevice';
import { currentSlot, forgetSlot, newSlot, storeOf, useSlot } from './accountStore';
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

const url = () => location.origin;
const deviceName = () => `Web · ${/Firefox|Edg|Chrome|Safari/u.exec(navigator.userAgent)?.[0] ?? 'browser'}`;

/** Continues the account of this tab, once; later calls wait for the same outcome. A new tab goes on as the given one, where it is kept. */
function restore(principalId?: number): Promise<void> {
  restored ??= (async () => {
    const kept = currentSlot(principalId);
    if (kept !== null) session.value = await restoreSession({ url: url(), store: storeOf(kept) });
    if (session.value) bind(kept as string);
    else sweep();
  })();
  return restored;
}

/** This tab lives on a slot from now on. */
function bind(to: string): void {
  letGo();
  letGo = holdSlot(to);
  slot = to;
  useSlot(to);
  void sweepSlots().then(sweep);
}

function sweep(): void {
  // Comes beside the first load. What cannot be swept now is with the next start.
  void import('./leftovers').then(({ sweepLeftovers }) => sweepLeftovers(session.value?.principalId)).catch(() => undefined);
}

async function enter(open: (store: ReturnType<typeof storeOf>) => Promise<AccountSession>): Promise<void> {
  const fresh = newSlot();
  try {
    session.value = await open(storeOf(fresh));
    bind(fresh);
  } catch (error) {
    forgetSlot(fresh);
    throw error;
  }
}

function forget(): void {
  if (session.value) void quietDevice(session.value.principalId);
  if (slot !== null) forgetSlot(slot);
  letGo();
  slot = null;
  session.value = null;
  clearDrafts();
  sweep();
}

export function useAccount() {
  return {
    // Not `readonly()`: its proxy would hide the private fields of the session from the session itself.
    session: session as Readonly<ShallowRef<AccountSession | null>>,
    restore,
    /** Fails with `second_factor_required` where the account asks for a code as well. */
    signIn: (login: string, password: string, code?: string) =>
      enter((store) => signIn({ url: url(), login, password, ...(code === undefined ? {} : { code }), deviceName: deviceName(), store })),
    signInByPasskey: () => enter((store) => signInWithPasskey({ url: url(), deviceName: deviceName(), store })),
    register: (input: Registration) => enter((store) => register({ url: url(), ...input, deviceName: deviceName(), store })),
    /** Forgets the account here even when the server cannot be told; its refresh token then runs out by itself. */
    async signOut(): Promise<void> {
      const ending = session.value;
      await ending?.signOut().catch(() => undefined);
      forget();
    },
    /** Throws when the server could not do it: "everywhere" must not be claimed then. */
    async signOutEverywhere(): Promise<void> {
      await session.value?.signOutEverywhere();
      forget();
    },
    forget,
  };
}
