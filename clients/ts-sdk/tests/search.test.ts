import { expect, test } from 'vitest';
import type { ChatEvent, HistoryPage } from '../src/api.js';
import * as localErrors from '../src/local-errors.js';
import { eventsAround, LiveSearch } from '../src/search/search.js';

function searchWith(answer: unknown): { search: LiveSearch; paths: string[] } {
  const paths: string[] = [];
  const search = new LiveSearch(async (path) => {
    paths.push(path);
    return answer;
  });
  return { search, paths };
}

test('messages are asked for with every filter, in all chats or in one', async () => {
  const message = { chatId: 7, sequence: 3, senderId: 12, createdAt: '2026-01-01T00:00:00+00:00', text: 'Ünd so weiter' };
  const { search, paths } = searchWith({
    items: [
      { message, highlights: [{ start: 0, length: 3 }] },
      { message: { ...message, text: null, content: { kind: 'document' } }, highlights: [] },
    ],
    nextCursor: '1.2.3.4.5',
  });

  const page = await search.messages({
    text: 'ünd & so ',
    senderId: 12,
    kinds: ['image', 'document'],
    from: new Date(0),
    to: new Date(1),
    order: 'relevance',
    cursor: '9.8.7.6.5',
    limit: 2,
  });
  await search.messages({ chatId: 7, text: 'x' });

  expect(paths).toEqual([
    '/api/search?q=%C3%BCnd+%26+so+&sender=12&kind=image&kind=document&from=1970-01-01T00%3A00%3A00.000Z' +
      '&to=1970-01-01T00%3A00%3A00.001Z&order=relevance&cursor=9.8.7.6.5&limit=2',
    '/api/chats/7/search?q=x',
  ]);
  expect(page.nextCursor).toBe('1.2.3.4.5');
  expect(page.messages.map((found) => [found.text, found.kind, found.highlights])).toEqual([
    ['Ünd so weiter', 'text', [{ start: 0, length: 3 }]],
    ['', 'document', []],
  ]);
});

test('names are people and chats', async () => {
  const { search, paths } = searchWith({
    people: [
      { principalId: 4, name: 'Zoë', ownName: 'Zora', chatId: 9 },
      { principalId: 5, name: 'Zoltan' },
    ],
    chats: [
      { chatId: 11, kind: 'group', name: 'Zoo' },
      { chatId: 12, kind: 'later', name: 'Zoom' },
    ],
  });

  const found = await search.names('zo', { cursor: 'p3', limit: 20 });

  expect(paths).toEqual(['/api/search/names?q=zo&cursor=p3&limit=20']);
  expect(found.people.map((person) => [person.principalId, person.ownName, person.chatId])).toEqual([
    [4, 'Zora', 9],
    [5, null, null],
  ]);
  expect(found.chats.map((chat) => chat.kind)).toEqual(['group', 'unknown']);
  expect(found.nextCursor).toBeNull();
});

test('an answer that is none is refused', async () => {
  await expect(searchWith({ items: [{ message: {} }] }).search.messages({ text: 'x' })).rejects.toMatchObject({
    code: localErrors.malformed_answer,
  });
});

test('a jump loads what is around the message', async () => {
  const asked: unknown[] = [];
  const event = (sequence: number) => ({ sequence }) as ChatEvent;
  const chat = {
    history: async (range: { after?: number; before?: number; limit?: number } = {}) => {
      asked.push(range);
      const events = range.after === undefined ? [event(99), event(100)] : [event(101)];
      return { events } as unknown as HistoryPage;
    },
  };

  const events = await eventsAround(chat, 100, 4);

  expect(asked).toEqual([
    { before: 101, limit: 2 },
    { after: 100, limit: 2 },
  ]);
  expect(events.map((one) => one.sequence)).toEqual([99, 100, 101]);
});
