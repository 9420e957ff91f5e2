import type { LinkPreview, ScheduledWords } from '@chat/sdk';
import { expect, it } from 'vitest';
import { changedWords } from '../../src/scheduled/changedWords';

const link = { url: 'https://a.example/x', token: 't' } as LinkPreview;
const mention = (start: number) => ({ kind: 'mention', start, length: 5, principalId: 2 }) as const;

it('keeps who is mentioned still, where they stand now', () => {
  const words: ScheduledWords = { text: 'see @Anna', replyTo: 3, content: { kind: 'text', marks: [mention(4)] } };
  expect(changedWords(words, 'do see @Anna')).toEqual({ text: 'do see @Anna', replyTo: 3, content: { kind: 'text', marks: [mention(7)] } });
  expect(changedWords(words, 'see you')).toEqual({ text: 'see you', replyTo: 3 });
});

it('keeps a card with its link, and a file in any case', () => {
  const words: ScheduledWords = { text: 'look https://a.example/x', content: { kind: 'text', link } };
  expect(changedWords(words, 'look at https://a.example/x').content?.link).toBe(link);
  expect(changedWords(words, 'look at https://b.example/y')).toEqual({ text: 'look at https://b.example/y' });
  const media = { blobId: 'b', contentType: 'image/png', bytes: 5 };
  expect(changedWords({ text: 'old', content: { kind: 'image', media } }, '')).toEqual({ text: '', content: { kind: 'image', media } });
});
