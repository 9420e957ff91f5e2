import type { ChatItem, ChatSummary, MemberRole } from '@chat/sdk';

/** True when the newest loaded event about a person's membership took them out of the chat. */
export function loggedOut(items: readonly ChatItem[], meId: number): boolean {
  const newest = items.findLast(
    ({ kind, subjectId, senderId }) =>
      ((kind === 'member_added' || kind === 'member_removed') && subjectId === meId) || (kind === 'member_left' && senderId === meId),
  );
  return newest !== undefined && newest.kind !== 'member_added';
}

/** Whether the person's role in a chat is at least this one. */
export function hasRole({ role }: Pick<ChatSummary, 'role'>, least: MemberRole | 'unknown'): boolean {
  return role === 'admin' || (role === 'member' && least === 'member');
}
