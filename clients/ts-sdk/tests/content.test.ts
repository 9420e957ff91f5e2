import { describe, expect, test } from 'vitest';
import type { ChatItem, MessageContent } from '../src/api.js';
import { createMessageActions } from '../src/chats/message-actions.js';
import * as errorCodes from '../src/error-codes.js';
import { peer } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const photo: MessageContent = {
  kind: 'image',
  media: { blobId: 'b1', contentType: 'image/jpeg', bytes: 9, fileName: 'a.jpg', width: 3, height: 2, preview: 'L1' },
};

async function opened(): Promise<World> {
  const made = await online({}, (server) => {
    server.addChat(7);
    server.addChat(8, 2).append('hi', peer);
  });
  await made.client.chat(7).open();
  return made;
}

async function sent(made: World, text: string, content: MessageContent): Promise<ChatItem> {
  await made.client.chat(7).send({ text, content }).sent;
  await made.clock.advance(0);
  return made.client.chat(7).messages.items.at(-1) as ChatItem;
}

describe('what a message is beside its text', () => {
  test('comes back as it was sent, of every kind', async () => {
    const made = await opened();
    const all: [string, MessageContent][] = [
      [
        'hello @Bert',
        {
          kind: 'text',
          marks: [
            { kind: 'bold', start: 0, length: 5 },
            { kind: 'mention', start: 6, length: 5, principalId: 2 },
          ],
        },
      ],
      ['', photo],
      ['', { kind: 'voice', media: { blobId: 'v', contentType: 'audio/ogg', bytes: 5, durationMs: 100, waveform: [0, 255] } }],
      ['', { kind: 'location', location: { latitude: -33.86882, longitude: -179.99999999, name: 'There' } }],
      ['', { kind: 'contact', contact: 'BEGIN:VCARD\nVERSION:4.0\nFN:Bert\nEND:VCARD' }],
    ];
    for (const [text, content] of all) {
      expect(await sent(made, text, content)).toMatchObject({ text, content, state: 'sent' });
      expect(made.heard.at(-1)?.content).toEqual(content);
    }
  });

  test('is passed on with its content, counted, without what it answered', async () => {
    const made = await opened();
    const item = await sent(made, 'look', photo);
    await createMessageActions(made.client).forward(item, 8).sent;
    await made.clock.advance(0);
    expect(made.server.received('sendMessage').at(-1)).toMatchObject({
      chatId: 8,
      text: 'look',
      replyTo: null,
      content: { kind: 'image', forwarded: 1 },
    });
    await createMessageActions(made.client).forward(made.heard.at(-1) as ChatItem, 7).sent;
    expect(made.server.received('sendMessage').at(-1)).toMatchObject({ chatId: 7, content: { forwarded: 2 } });
  });

  test('an edit takes the marks, a deletion all of it, and a deleted message is not passed on', async () => {
    const made = await opened();
    const item = await sent(made, 'look', { ...photo, marks: [{ kind: 'bold', start: 0, length: 4 }] });
    await createMessageActions(made.client).edit(7, item.sequence as number, 'see');
    expect(made.client.chat(7).messages.items.at(-1)).toMatchObject({ text: 'see', content: photo });
    expect(made.client.chat(7).messages.items.at(-1)?.content).not.toHaveProperty('marks');
    expect(made.client.chat(7).summary?.lastItem?.content).toEqual(photo);
    await createMessageActions(made.client).delete(7, item.sequence as number);
    const gone = made.client.chat(7).messages.items.at(-1) as ChatItem;
    expect(gone).not.toHaveProperty('content');
    expect(made.client.chat(7).summary?.lastItem).not.toHaveProperty('content');
    expect(() => createMessageActions(made.client).forward(gone, 8)).toThrow(
      expect.objectContaining({ code: errorCodes.invalid_argument }),
    );
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'a number that no field takes is refused, and nothing is lost (%d)',
    async (number) => {
      const made = await opened();
      const chat = made.client.chat(7);
      const invalid = expect.objectContaining({ code: errorCodes.invalid_argument, retryable: false });
      expect(() => chat.send({ text: 'an answer', replyTo: number })).toThrow(invalid);
      const bytes = { blobId: 'b', contentType: 'image/png', bytes: number };
      expect(() => chat.send({ text: '', content: { kind: 'image', media: bytes } })).toThrow(invalid);
      expect(() => made.client.chat(number).send({ text: 'to nobody' })).toThrow(invalid);
      await expect(chat.history({ before: number })).rejects.toEqual(invalid);
      await expect(made.client.openDirect(number)).rejects.toEqual(invalid);
      await chat.send({ text: 'goes on' }).sent;
      expect(made.server.received('hello')).toHaveLength(1);
      expect(made.server.received('sendMessage')).toHaveLength(1);
    },
  );

  test('a place that is not on the earth is not sent', async () => {
    const made = await opened();
    const place = (latitude: number) => () =>
      made.client.chat(7).send({ text: '', content: { kind: 'location', location: { latitude, longitude: 0 } } });
    for (const latitude of [90.1, -91, Number.NaN, Number.POSITIVE_INFINITY]) expect(place(latitude)).toThrow('earth');
    expect(made.server.received('sendMessage')).toHaveLength(0);
  });
});
