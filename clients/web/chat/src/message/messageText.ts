import type { ChatItem } from '@chat/sdk';
import { isDeleted } from './isDeleted';

const Named: ReadonlySet<string> = new Set(['document', 'audio']);

/** What stands for a message in words: its text, a placeholder when it was deleted, or what it carries; a document or sound by its name. */
export function messageText(item: ChatItem, t: (key: string) => string): string {
  if (isDeleted(item)) return t('message.deleted');
  const text = item.text ?? '';
  const content = item.content;
  if (text !== '' || content === undefined || content.kind === 'text') return text;
  const fileName = Named.has(content.kind) ? content.media?.fileName : undefined; // that of a picture is a camera's
  return content.location?.name ?? fileName ?? t(`message.kinds.${content.kind}`);
}
