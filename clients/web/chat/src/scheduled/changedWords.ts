import { firstLink, type MessageContent, type ScheduledWords } from '@chat/sdk';
import { movedMarks, namedMarks, sentMarks } from '../composer/mentionMarks';

/** What a scheduled message says with another text: the names that stand in it still are mentions, and a card stays with its link. */
export function changedWords(words: ScheduledWords, text: string): ScheduledWords {
  const { content, ...rest } = words;
  if (!content) return { ...rest, text };
  const { marks, link, ...carried } = content;
  const kept = sentMarks(movedMarks(namedMarks(marks ?? [], words.text), words.text, text), text);
  const card = link && firstLink(text) === link.url ? link : undefined;
  const now: MessageContent = { ...carried, ...(kept.length > 0 && { marks: kept }), ...(card && { link: card }) };
  return now.kind === 'text' && Object.keys(now).length === 1 ? { ...rest, text } : { ...rest, text, content: now };
}
