import type { LinkPreviewAnswer } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { PauseMs, useLinkPreview } from '../../src/composer/useLinkPreview';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const card = (url: string) => ({ preview: { url, title: url, token: 't' } });

function made(first = '') {
  const text = ref(first);
  const asked: [string, number | undefined][] = [];
  const answers = new Map<string, () => Promise<LinkPreviewAnswer>>();
  const previews = {
    read: (url: string, options?: { chatId?: number }) => {
      asked.push([url, options?.chatId]);
      return answers.get(url)?.() ?? Promise.resolve(card(url));
    },
  };
  const scope = effectScope();
  const composed = scope.run(() => useLinkPreview(text, 7, previews));
  if (!composed) throw new Error('the scope is active');
  const write = async (now: string, waitMs = PauseMs) => {
    text.value = now;
    await nextTick();
    await vi.advanceTimersByTimeAsync(waitMs);
  };
  return { ...composed, text, asked, answers, write, leave: () => scope.stop() };
}

it('asks once for the first link, when the writer has paused', async () => {
  const { write, asked, preview } = made();
  await write('see https://a.exam', PauseMs - 1);
  await write('see https://a.example', PauseMs - 1);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await write('see https://a.example and https://b.example');
  expect(asked).toEqual([['https://a.example', 7]]);
  expect(preview.value?.title).toBe('https://a.example');
});

it('a draft that was there is asked for when it is touched, and not before', async () => {
  const { asked, write } = made('https://a.example');
  await vi.advanceTimersByTimeAsync(PauseMs);
  expect(asked).toEqual([]);
  await write('https://a.example is it');
  expect(asked).toEqual([['https://a.example', 7]]);
});

it('asks once for each address while one writes, but again for what was not answered', async () => {
  const { asked, write, preview, answers } = made();
  answers.set('https://busy.example', () => Promise.reject(new Error('busy')));
  for (const text of ['https://a.example', 'https://busy.example', '', 'https://a.example']) await write(text);
  expect(preview.value?.url).toBe('https://a.example');
  answers.delete('https://busy.example');
  await write('https://busy.example');
  expect(preview.value?.url).toBe('https://busy.example');
  expect(asked.map(([url]) => url)).toEqual(['https://a.example', 'https://busy.example', 'https://busy.example']);
});

it('does not send a card of what has become the beginning of another address', async () => {
  const { write, take } = made();
  await write('https://bank.example');
  expect(take('https://bank.example.evil.example')).toBeNull();
});

it('the card goes with its link, and an answer that comes late is not shown', async () => {
  const { write, preview, answers } = made();
  await write('https://a.example');
  await write('none');
  expect(preview.value).toBeNull();

  let answer: (card: LinkPreviewAnswer) => void = () => undefined;
  const slow = new Promise<LinkPreviewAnswer>((resolve) => (answer = resolve));
  answers.set('https://slow.example', () => slow);
  await write('https://slow.example');
  await write('https://b.example');
  answer(card('https://slow.example'));
  await vi.advanceTimersByTimeAsync(0);
  expect(preview.value?.url).toBe('https://b.example');
});

it('what was taken away is not asked for again while it stands first', async () => {
  const { write, dismiss, asked, preview, take } = made();
  await write('https://a.example');
  dismiss();
  await write('https://a.example is it');
  expect(preview.value).toBeNull();
  expect(asked).toHaveLength(1);
  expect(take('https://a.example is it')).toBeNull();
});

it('goes with the text that is sent, once', async () => {
  const { write, take, text, asked } = made();
  await write('https://a.example');
  expect(take('https://a.example')?.url).toBe('https://a.example');
  text.value = '';
  await nextTick();
  expect(take('https://a.example')).toBeNull();
  await write('https://a.example');
  expect(take('https://a.example')?.url).toBe('https://a.example');
  expect(asked).toHaveLength(1);
});

it('a text is sent without what is not there yet, or cannot be had', async () => {
  const { write, take, answers, preview } = made();
  answers.set('https://busy.example', () => Promise.reject(new Error('busy')));
  answers.set('https://none.example', () => Promise.resolve({ preview: null, reason: 'unavailable' }));
  await write('https://busy.example');
  expect(preview.value).toBeNull();
  await write('https://none.example');
  expect(preview.value).toBeNull();
  await write('https://a.example', 0);
  expect(take('https://a.example')).toBeNull();
});

it('asks nothing any more when the chat was left', async () => {
  const { write, leave, asked } = made();
  await write('https://a.example', 0);
  leave();
  await vi.advanceTimersByTimeAsync(PauseMs);
  expect(asked).toEqual([]);
});
