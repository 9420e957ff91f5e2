import { describe, expect, test } from 'vitest';
import type { ChatItem, LinkPreview } from '../src/api.js';
import { errorCodes } from '../src/codes.js';
import { ChatError } from '../src/errors.js';
import { firstLink, LiveLinkPreviews } from '../src/links/link-previews.js';
import { online } from './support/world.js';

const url = 'https://example.org/a?b=ü';
const answer = {
  url,
  title: 'A harbour',
  description: null,
  siteName: null,
  image: {
    blobId: 'b1',
    contentType: 'image/png',
    bytes: 9,
    fileName: null,
    width: 3,
    height: null,
    durationMs: null,
    preview: null,
    waveform: [],
  },
  token: 'AAECAwQFBgcICQoLDA0ODw',
};
const made: LinkPreview = {
  url,
  title: 'A harbour',
  image: { blobId: 'b1', contentType: 'image/png', bytes: 9, width: 3 },
  token: answer.token,
};

describe('a card', () => {
  test('is asked for by the address and the chat, and has no empty members', async () => {
    const calls: unknown[] = [];
    const previews = new LiveLinkPreviews(async (...call) => {
      calls.push(call);
      return answer;
    });

    expect(await previews.read(url, { chatId: 7 })).toEqual({ preview: made });
    await previews.read(url);

    expect(calls).toEqual([
      ['POST', '/api/link-previews', { url, chatId: 7 }],
      ['POST', '/api/link-previews', { url }],
    ]);
  });

  test.each([
    ['preview_unavailable', 'unavailable'],
    ['url_refused', 'refused'],
    ['not_configured', 'off'],
  ] as const)('that there is none, %s, is an answer', async (name, reason) => {
    const previews = new LiveLinkPreviews(() => Promise.reject(new ChatError(errorCodes[name].code, 'no')));
    expect(await previews.read(url)).toEqual({ preview: null, reason });
  });

  test('what may be otherwise later is thrown, and so is a malformed answer', async () => {
    const busy = new LiveLinkPreviews(() => Promise.reject(new ChatError(errorCodes.busy.code, 'later')));
    await expect(busy.read(url)).rejects.toMatchObject({ name: 'busy' });
    const odd = new LiveLinkPreviews(async () => ({ ...answer, token: 7 }));
    await expect(odd.read(url)).rejects.toMatchObject({ name: 'malformed_answer' });
  });

  test('goes out with a text and comes back, and stays with it over an edit as long as the text has its address', async () => {
    const world = await online({}, (server) => server.addChat(7));
    const chat = world.client.chat(7);
    await chat.open();
    await chat.send({ text: `Look: ${url}`, content: { kind: 'text', link: made } }).sent;
    await world.clock.advance(0);
    expect(world.heard.at(-1)?.content).toEqual({ kind: 'text', link: made });

    const last = () => chat.messages.items.find((item) => item.kind === 'message') as ChatItem;
    const sequence = last().sequence as number;
    await chat.edit(sequence, `${url} it is`);
    await world.clock.advance(0);
    expect(last()).toMatchObject({ text: `${url} it is`, content: { link: made } });
    await chat.edit(sequence, 'never mind');
    await world.clock.advance(0);
    expect(last().content).toEqual({ kind: 'text' });
  });
});

test.each([
  ['nothing', null],
  ['see https://example.org', 'https://example.org'],
  ['(https://example.org/a_(b))', 'https://example.org/a_(b)'],
  ['HTTP://Example.org/x, and more', 'HTTP://Example.org/x'],
  ['xhttps://example.org https://b.example', 'https://b.example'],
  ['<https://example.org/a>', 'https://example.org/a'],
  ['"https://example.org/a"', 'https://example.org/a'],
  ['*https://example.org/a*!?', 'https://example.org/a'],
  ['https://example.org/a?b=ü&c=%20#d.', 'https://example.org/a?b=ü&c=%20#d'],
  ['https:// and http://...', null],
  [`https://example.org/${'a'.repeat(2000)} http://b.example`, 'http://b.example'],
  ['[x](https://example.org/a)', 'https://example.org/a'],
  ['ftp://example.org', null],
])('the first link of %j', (text, expected) => {
  expect(firstLink(text)).toBe(expected);
});
