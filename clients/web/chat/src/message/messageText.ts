import type { ChatItem } from '@chat/sdk';

/** What stands for a message in words: its text, a placeholder when it was deleted, or the name of what it carries. */
export function messageText(item: ChatItem, t: (key: string) => string): string {
  if ((item.changes?.deletedAtMs ?? null) !== null) return t('message.deleted');
  const text = item.text ?? '';
  const content = item.content;
  if (text !== '' || content === undefined || content.kind === 'text') return text;
  return content.location?.name ?? content.media?.fileName ?? t(`message.kinds.${content.kind}`);
}
