import type { Chat, Member } from '@chat/sdk';
import { onScopeDispose, ref, shallowRef } from 'vue';
import { useErrors } from '../connection/useErrors';

/** Admins first, then by name as the locale sorts it; the reader's own row is first of all. */
export function sortMembers(members: readonly Member[], meId: number, locale: string): Member[] {
  const rank = (m: Member) => (m.principalId === meId ? 0 : m.role === 'admin' ? 1 : 2);
  return [...members].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, locale));
}

/** The members of a group, loaded again whenever an event changed them, and the changes an admin may make. */
export function useMembers(chat: Chat) {
  const { toast } = useErrors();
  const members = shallowRef<readonly Member[]>([]);
  const loaded = ref(false);
  const busy = ref(false);
  let seen = -1;
  let over = false;

  async function load(): Promise<void> {
    try {
      members.value = await chat.members();
      loaded.value = true;
    } catch (fault) {
      if (!over) toast(fault); // who has just been removed is told so by the page, not by the list that closed
    }
  }

  /** Runs a change; true if it was done. A fault is told and leaves everything as it was. */
  async function change(action: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      await action();
      await load();
      return true;
    } catch (fault) {
      toast(fault);
      return false;
    } finally {
      busy.value = false;
    }
  }

  const stop = chat.on('change', () => {
    const last = chat.messages.items.findLast((item) => item.kind !== 'message' && item.sequence !== null)?.sequence ?? 0;
    if (last <= seen) return;
    seen = last;
    void load();
  });
  onScopeDispose(() => {
    over = true;
    stop();
  });
  void load();
  return { members, loaded, busy, change };
}
