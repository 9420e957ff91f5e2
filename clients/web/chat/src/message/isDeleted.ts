import type { ChatItem } from '@chat/sdk';

/** Deleted for everyone: its place stays, and nothing of what it said. */
export function isDeleted({ changes }: Pick<ChatItem, 'changes'>): boolean {
  return (changes?.deletedAtMs ?? null) !== null;
}
