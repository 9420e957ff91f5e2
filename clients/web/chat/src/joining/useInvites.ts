import type { InviteLink, Joining } from '@chat/sdk';
import { onScopeDispose, ref, shallowRef } from 'vue';
import { useErrors } from '../connection/useErrors';

/** For how long a link is good, in days, and how often; null is without end. */
export interface InviteBounds {
  readonly days: number | null;
  readonly uses: number | null;
}

export type InviteEnd = 'revoked' | 'expired' | 'used' | null;

/** Why a link lets nobody in any more; null where it does. */
export function endOf({ revoked, expiresAt, maxUses, uses }: InviteLink, nowMs: number): InviteEnd {
  if (revoked) return 'revoked';
  if (expiresAt !== null && Date.parse(expiresAt) <= nowMs) return 'expired';
  return maxUses !== null && uses >= maxUses ? 'used' : null;
}

/** The invite links of a chat, in the order that the service gives them; one that is made here stands first. */
export function useInvites(chatId: number, joining: Pick<Joining, 'invites' | 'createInvite' | 'revokeInvite'>) {
  const { toast } = useErrors();
  const links = shallowRef<readonly InviteLink[]>([]);
  const state = ref<'loading' | 'done' | 'failed'>('loading');
  const busy = ref(false);
  let turn = 0; // a list from before the last change is not taken
  onScopeDispose(() => {
    turn += 1;
  });

  async function load(): Promise<void> {
    turn += 1;
    const mine = turn;
    state.value = 'loading';
    try {
      const found = await joining.invites(chatId);
      if (mine !== turn) return;
      links.value = found;
      state.value = 'done';
    } catch {
      if (mine === turn) state.value = 'failed'; // said where the list would stand, with a button to try again
    }
  }

  /** A fault is told and leaves the list as it was; a list that is on its way meanwhile is asked for anew. */
  async function change<T>(action: () => Promise<T>): Promise<T | null> {
    if (busy.value) return null;
    busy.value = true;
    try {
      const done = await action();
      if (state.value === 'loading') void load();
      return done;
    } catch (fault) {
      toast(fault);
      return null;
    } finally {
      busy.value = false;
    }
  }

  void load();
  return {
    links,
    state,
    busy,
    load,
    make: ({ days, uses }: InviteBounds): Promise<InviteLink | null> =>
      change(async () => {
        const bounds = {
          ...(days !== null && { expiresAt: new Date(Date.now() + days * 86_400_000) }),
          ...(uses !== null && { maxUses: uses }),
        };
        const made = await joining.createInvite(chatId, bounds);
        links.value = [made, ...links.value];
        return made;
      }),
    revoke: (code: string): Promise<true | null> =>
      change(async () => {
        await joining.revokeInvite(chatId, code);
        links.value = links.value.map((link) => (link.code === code ? { ...link, revoked: true } : link));
        return true as const;
      }),
  };
}
