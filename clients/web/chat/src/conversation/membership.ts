import type { ChatItem } from '@chat/sdk';

/** True when the newest loaded event about a person's membership took them out of the chat. */
export function loggedOut(items: readonly ChatItem[], meId: number): boolean {
  const newest = items.findLast(
    ({ kind, subjectId, senderId }) =>
      ((kind === 'member_added' || kind === 'member_removed') && subjectId === meId) || (kind === 'member_left' && senderId === meId),
  );
  return newest !== undefined && newest.kind !== 'member_added';
}
