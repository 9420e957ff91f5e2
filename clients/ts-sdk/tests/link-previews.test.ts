import { describe, expect, test } from 'vitest';
import type { ChatItem, LinkPreview } from '../src/api.js';
import { createMessageActions } from '../src/chats/message-actions.js';
import * as errorCodes from '../src/error-codes.js';
import { ChatError } from '../src/errors.js';
import { firstLink, LiveLinkPreviews } from '../src/links/link-previews.js';
import * as localErrors from '../src/local-errors.js';
import { refusal } from './support/fake-server.js';
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
    [errorCodes.preview_unavailable, 'unavailable'],
    [errorCodes.url_refused, 'refused'],
    [errorCodes.not_configured, 'off'],
  ] as const)('that there is none, %d, is an answer', async (code, reason) => {
    const previews = new LiveLinkPreviews(() => Promise.reject(new ChatError(code, 'no')));
    expect(await previews.read(url)).toEqual({ preview: null, reason });
  });

  test('what may be otherwise later is thrown, and so is a malformed answer', async () => {
    const busy = new LiveLinkPreviews(() => Promise.reject(new ChatError(errorCodes.busy, 'later')));
    await expect(busy.read(url)).rejects.toMatchObject({ code: errorCodes.busy });
    const odd = new LiveLinkPreviews(async () => ({ ...answer, token: 7 }));
    await expect(odd.read(url)).rejects.toMatchObject({ code: localErrors.malformed_answer });
  });

  test('goes out with a text and comes back, and an edit takes it away, and none brings it back', async () => {
    const world = await online({}, (server) => server.addChat(7));
    const chat = world.client.chat(7);
    await chat.open();
    await chat.send({ text: `Look: ${url}`, content: { kind: 'text', link: made } }).sent;
    await world.clock.advance(0);
    expect(world.heard.at(-1)?.content).toEqual({ kind: 'text', link: made });

    const last = () => chat.messages.items.find((item) => item.kind === 'message') as ChatItem;
    const sequence = last().sequence as number;
    for (const text of [`Look, there: ${url}`, 'never mind', `Look: ${url}`]) {
      await createMessageActions(world.client).edit(7, sequence, text);
      await world.clock.advance(0);
      expect(last()).toMatchObject({ text, content: { kind: 'text' } });
      expect(last().content?.link).toBeUndefined();
      expect(chat.summary?.lastItem?.content).toEqual({ kind: 'text' });
    }
  });
});

describe('a card that is not taken any more', () => {
  test.each([
    ['its key was renewed', errorCodes.link_token_invalid],
    ['its picture is gone', errorCodes.blob_not_found],
  ])('%s: the text goes without it, under the same id', async (_, code) => {
    const world = await online({}, (server) => server.addChat(7));
    const tries: unknown[] = [];
    world.server.answers.set('sendMessage', (value: { clientMessageId: string; content: { link: unknown } | null }) => {
      tries.push([value.clientMessageId, value.content?.link != null]);
      return value.content?.link ? refusal(code, false) : 'default';
    });

    const message = world.client.chat(7).send({ text: `Look: ${url}`, content: { kind: 'text', forwarded: 2, link: made } });
    await world.clock.advance(6_000);

    expect(message.state).toBe('sent');
    expect(tries).toEqual([
      [message.clientMessageId, true],
      [message.clientMessageId, false],
    ]);
    expect(world.heard.at(-1)?.content).toEqual({ kind: 'text', forwarded: 2 });
  });

  test('what is refused for another reason fails with it', async () => {
    const world = await online({}, (server) => server.addChat(7));
    world.server.answers.set('sendMessage', () => refusal(errorCodes.not_a_member, false));

    const message = world.client.chat(7).send({ text: `Look: ${url}`, content: { kind: 'text', link: made } });
    const outcome = message.sent.catch((error: ChatError) => error.code);
    await world.clock.advance(6_000);

    expect(message.state).toBe('failed');
    expect(await outcome).toBe(errorCodes.not_a_member);
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
