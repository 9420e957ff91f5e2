import type { LinkPreview, Mark, MessageContent } from '@chat/sdk';

/** What a text message says, as it is sent now or later: plain text has no content. */
export function wordsOf(text: string, replyTo: number | undefined, link: LinkPreview | null, marks: readonly Mark[]) {
  const content: MessageContent = { kind: 'text', ...(link !== null && { link }), ...(marks.length > 0 && { marks }) };
  const isPlain = link === null && marks.length === 0;
  return { text, ...(replyTo !== undefined && { replyTo }), ...(!isPlain && { content }) };
}
