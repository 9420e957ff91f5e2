import { describe, expect, test } from 'vitest';
import type { OutgoingMessage } from '../src/api.js';
import * as errorCodes from '../src/error-codes.js';
import * as localErrors from '../src/local-errors.js';
import { me, peer, refusal } from './support/fake-server.js';
import { Page } from './support/pages.js';
import { Scene, shown } from './support/scene.js';

const dayMs = 24 * 3_600_000;

describe('what waits when the page is killed', () => {
  test('is shown again, and goes out once, in order, before what is new', async () => {
    const scene = new Scene();
    const before = await scene.page();
    scene.goOffline();
    for (const text of ['a', 'b', 'c']) before.client.chat(7).send({ text, replyTo: 1 });
    await scene.clock.advance(0);
    before.kill();
    const page = new Page(scene.browser, scene.server, scene.clock);
    page.client.chat(7).send({ text: 'new' }); // before what is kept is back
    await scene.clock.advance(0);
    expect(shown(page, 7)).toEqual(['a', 'b', 'c', 'new'].map((text) => [text, 'queued', null]));
    expect(page.client.dump().queued).toBe(4);
    await scene.goOnline();
    expect(scene.stored(7)).toEqual(['a', 'b', 'c', 'new']);
    expect(scene.server.received('sendMessage')[0]).toMatchObject({ text: 'a', replyTo: 1 });
    expect(scene.kept).toEqual([]);
  });

  test('keeps its ids over two more pages, and its order', async () => {
    const scene = new Scene();
    scene.goOffline();
    const ids: string[] = [];
    for (const text of ['a', 'b']) {
      const page = await scene.page();
      ids.push(page.client.chat(7).send({ text }).clientMessageId);
      await scene.clock.advance(0);
      page.kill();
    }
    await scene.page();
    await scene.goOnline();
    expect(scene.server.received('sendMessage').map((value) => value.clientMessageId)).toEqual(ids);
    expect(scene.stored(7)).toEqual(['a', 'b']);
  });

  test('brings its content along', async () => {
    const scene = new Scene();
    scene.goOffline();
    const before = await scene.page();
    before.client.chat(7).send({ text: 'here', content: { kind: 'location', location: { latitude: 1.5, longitude: -2 } } });
    await scene.clock.advance(0);
    before.kill();
    const page = await scene.page();
    expect(page.client.chat(7).messages.items[0]).toMatchObject({ content: { kind: 'location', location: { latitude: 1.5 } } });
    await scene.goOnline();
    expect(scene.server.received('sendMessage')[0]?.content).toMatchObject({ kind: 'location' });
  });

  test('and cannot be read again is shown as failed, and holds up no other', async () => {
    const scene = new Scene();
    scene.goOffline();
    const before = await scene.page();
    for (const text of ['bad', 'good']) before.client.chat(7).send({ text });
    await scene.clock.advance(0);
    before.kill();
    for (const [key, kept] of scene.browser.disk) {
      const content = { kind: 'location', location: { latitude: 500, longitude: 0 } } as const;
      if (kept.text === 'bad') scene.browser.disk.set(key, { ...kept, content });
    }
    const page = await scene.page();
    await scene.goOnline();
    expect(scene.stored(7)).toEqual(['good']);
    const bad = page.client.chat(7).messages.items.find((item) => item.text === 'bad');
    expect(bad).toMatchObject({ state: 'failed', outgoing: { error: { code: errorCodes.invalid_argument } } });
    expect(scene.kept).toEqual(['bad']);
  });

  // The ack is lost with the page: the message is stored, and this page cannot know.
  test('and is stored already is shown once, and stored once', async () => {
    const scene = new Scene();
    const before = await scene.page();
    scene.server.answers.set('sendMessage', (value: { clientMessageId: string; text: string }) => {
      scene.server.chats.get(7)?.append(value.text, me, { clientMessageId: value.clientMessageId });
      return null;
    });
    before.client.chat(7).send({ text: 'once' });
    await scene.clock.advance(0);
    before.kill();
    scene.server.answers.set('sendMessage', () => null); // history tells it, not the answer
    const page = await scene.page();
    await page.client.chat(7).open();
    expect(shown(page, 7)).toEqual([['once', 'sent', 1]]);
    await scene.clock.advance(0);
    expect(scene.kept).toEqual([]);
    expect(page.client.dump().queued).toBe(0);
  });

  test('and was stored long ago does not tear the open window when its answer comes', async () => {
    const scene = new Scene();
    const before = await scene.page();
    scene.server.answers.set('sendMessage', (value: { clientMessageId: string; text: string }) => {
      scene.server.chats.get(7)?.append(value.text, me, { clientMessageId: value.clientMessageId });
      return null;
    });
    before.client.chat(7).send({ text: 'long ago' });
    await scene.clock.advance(0);
    before.kill();
    scene.server.answers.set('sendMessage', () => null);
    for (let i = 2; i <= 300; i++) scene.server.chats.get(7)?.append(`m${i}`, peer);
    const page = await scene.page();
    const { server } = scene;
    const chat = page.client.chat(7);
    await chat.open({ window: 20 });
    server.answers.delete('sendMessage');
    server.connection.close(1006); // the first try of this page has no answer
    await scene.goOnline();
    const sequences = chat.messages.items.map((item) => item.sequence ?? 0);
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, i) => 300 - sequences.length + 1 + i));
    expect(server.chats.get(7)?.head).toBe(300);
    expect(scene.kept).toEqual([]);
  });

  test('of another sender under the same id is another message', async () => {
    const scene = new Scene();
    scene.goOffline();
    const before = await scene.page();
    const { clientMessageId } = before.client.chat(7).send({ text: 'mine' });
    await scene.clock.advance(0);
    before.kill();
    scene.server.chats.get(7)?.append('theirs', peer, { clientMessageId });
    const page = await scene.page();
    await scene.goOnline();
    await page.client.chat(7).open();
    expect(shown(page, 7)).toEqual([
      ['theirs', undefined, 1],
      ['mine', 'sent', 2],
    ]);
  });
});

describe('a message that is kept', () => {
  test('goes out only when it is written that it may have', async () => {
    const scene = new Scene();
    const page = await scene.page();
    const sentWhen: (boolean | undefined)[] = [];
    scene.server.answers.set('sendMessage', () => {
      sentWhen.push([...scene.browser.disk.values()][0]?.attempted);
      return 'default';
    });
    const message = page.client.chat(7).send({ text: 'hello' });
    expect(message.state).toBe('queued');
    expect(scene.server.received('sendMessage')).toEqual([]);
    await scene.clock.advance(0);
    expect(sentWhen).toEqual([true]);
    expect(message.state).toBe('sent');
    expect(scene.kept).toEqual([]);
  });

  test.each([
    ['can be taken back if it never went out', false],
    ['cannot be taken back if it may have gone out', true],
  ])('%s', async (_, wentOut) => {
    const scene = new Scene();
    const before = await scene.page();
    if (!wentOut) scene.goOffline();
    scene.server.answers.set('sendMessage', () => null);
    before.client.chat(7).send({ text: 'perhaps' });
    await scene.clock.advance(0);
    before.kill();
    scene.goOffline();
    const page = await scene.page();
    const [item] = page.client.chat(7).messages.items;
    expect(item?.outgoing?.cancel()).toBe(!wentOut);
    await scene.clock.advance(0);
    expect(scene.kept).toEqual(wentOut ? ['perhaps'] : []);
    page.kill();
    const next = await scene.page();
    expect(shown(next, 7)).toEqual(wentOut ? [['perhaps', 'queued', null]] : []);
  });

  test('and may be under way since the page before is not given up for a refusal of the moment', async () => {
    const scene = new Scene();
    const before = await scene.page();
    scene.server.answers.set('sendMessage', () => null);
    before.client.chat(7).send({ text: 'hello' });
    await scene.clock.advance(0);
    before.kill();
    let refusals = 2;
    scene.server.answers.set('sendMessage', () => (refusals-- > 0 ? refusal(201) : 'default'));
    await scene.page();
    await scene.clock.advance(20_000);
    expect(scene.stored(7)).toEqual(['hello']);
  });

  test('that failed comes back as failed, with its reason, and goes out when it is tried again', async () => {
    const scene = new Scene();
    const before = await scene.page();
    scene.server.answers.set('sendMessage', () => refusal(203));
    before.client.chat(7).send({ text: 'refused' });
    await scene.clock.advance(0);
    before.kill();
    scene.server.answers.delete('sendMessage');
    const page = await scene.page();
    await scene.clock.advance(60_000);
    expect(scene.stored(7)).toEqual([]);
    const message = page.client.chat(7).messages.items[0]?.outgoing as OutgoingMessage;
    expect(message).toMatchObject({ state: 'failed', error: { code: 203 } });
    message.retry();
    await scene.clock.advance(0);
    expect(message.state).toBe('sent');
    expect(scene.kept).toEqual([]);
  });

  test('that failed and was taken back is gone', async () => {
    const scene = new Scene();
    const page = await scene.page();
    scene.server.answers.set('sendMessage', () => refusal(203));
    const message = page.client.chat(7).send({ text: 'refused' });
    await scene.clock.advance(0);
    expect(scene.kept).toEqual(['refused']);
    expect(message.cancel()).toBe(true);
    await scene.clock.advance(0);
    expect(scene.kept).toEqual([]);
  });

  test('under an id that was used for another content goes out under its new one, also by the next page', async () => {
    const scene = new Scene();
    const before = await scene.page();
    scene.server.answers.set('sendMessage', () => refusal(202));
    const message = before.client.chat(7).send({ text: 'unlucky' });
    await scene.clock.advance(0);
    scene.goOffline();
    message.retry();
    await scene.clock.advance(0);
    before.kill();
    scene.server.answers.delete('sendMessage');
    await scene.page();
    await scene.goOnline();
    expect(scene.server.chats.get(7)?.events.map((event) => event.clientMessageId)).toEqual([message.clientMessageId]);
    expect(scene.kept).toEqual([]);
  });

  test('waits for the word of its author when it is too old', async () => {
    const scene = new Scene();
    scene.goOffline();
    const before = await scene.page();
    before.client.chat(7).send({ text: 'old' });
    await scene.clock.advance(6 * dayMs);
    before.client.chat(7).send({ text: 'younger' });
    await scene.clock.advance(0);
    before.kill();
    await scene.clock.advance(1.5 * dayMs);
    const page = await scene.page();
    await scene.goOnline();
    expect(scene.stored(7)).toEqual(['younger']);
    const message = page.client.chat(7).messages.items.find((item) => item.text === 'old')?.outgoing as OutgoingMessage;
    expect(message).toMatchObject({ state: 'failed', error: { code: localErrors.expired, retryable: false } });
    message.retry();
    await scene.clock.advance(0);
    expect(scene.stored(7)).toEqual(['younger', 'old']);
  });

  test('is one of so many, and of so many bytes', async () => {
    const scene = new Scene();
    scene.goOffline();
    const page = await scene.page({ maxMessages: 2, maxBytes: 100 });
    const chat = page.client.chat(7);
    const large = chat.send({ text: 'x'.repeat(101) });
    const messages = ['a', 'b', 'c'].map((text) => chat.send({ text }));
    expect(large).toMatchObject({ state: 'failed', error: { code: localErrors.outbox_full, retryable: true } });
    expect(messages.map((message) => message.error?.code)).toEqual([undefined, undefined, localErrors.outbox_full]);
    await scene.goOnline();
    expect(scene.stored(7)).toEqual(['a', 'b']);
    messages[2]?.retry();
    await scene.clock.advance(0);
    expect(scene.stored(7)).toEqual(['a', 'b', 'c']);
  });

  test('that was too much to wait does not go out with the next page', async () => {
    const scene = new Scene();
    scene.goOffline();
    const before = await scene.page({}, { maxQueuedBytes: 10 });
    const message = before.client.chat(7).send({ text: 'x'.repeat(11) });
    expect(message).toMatchObject({ state: 'failed', error: { code: localErrors.outbox_full } });
    await scene.clock.advance(0);
    before.kill();
    await scene.page();
    await scene.goOnline();
    expect(scene.stored(7)).toEqual([]);
    expect(scene.kept).toEqual([]);
  });

  test('that came back as failed is not lost for having been tried again when there was no room', async () => {
    const scene = new Scene();
    scene.server.answers.set('sendMessage', () => refusal(203));
    const first = await scene.page();
    first.client.chat(7).send({ text: 'x'.repeat(11) });
    await scene.clock.advance(0);
    first.kill();
    const second = await scene.page({}, { maxQueuedBytes: 10 });
    second.client.chat(7).messages.items[0]?.outgoing?.retry();
    await scene.clock.advance(0);
    second.kill();
    const third = await scene.page();
    expect(third.client.chat(7).messages.items[0]).toMatchObject({
      state: 'failed',
      outgoing: { error: { code: localErrors.outbox_full } },
    });
  });

  test.each([false, true])('that failed as too old can be taken away, also if it had gone out (%s)', async (wentOut) => {
    const scene = new Scene();
    const before = await scene.page();
    if (!wentOut) scene.goOffline();
    scene.server.answers.set('sendMessage', () => null);
    before.client.chat(7).send({ text: 'old' });
    await scene.clock.advance(0);
    before.kill();
    await scene.clock.advance(8 * dayMs);
    const page = await scene.page();
    expect(page.client.chat(7).messages.items[0]?.outgoing?.cancel()).toBe(true);
    await scene.clock.advance(0);
    expect(scene.kept).toEqual([]);
    expect(shown(page, 7)).toEqual([]);
  });

  test('is not sent as somebody else', async () => {
    const scene = new Scene();
    scene.goOffline();
    const before = await scene.page({ principalId: 99 });
    before.client.chat(7).send({ text: 'of 99' });
    await scene.clock.advance(0);
    before.kill();
    const page = await scene.page(); // of another account: sees nothing of it
    await scene.goOnline();
    expect(shown(page, 7)).toEqual([]);
    page.kill();
    const wrong = await scene.page({ principalId: 99 }); // signed in as another than it says
    await scene.clock.advance(1_000);
    expect(wrong.client.chat(7).messages.items[0]).toMatchObject({ text: 'of 99', state: 'failed' });
    expect(wrong.client.chat(7).messages.items[0]?.outgoing?.error?.code).toBe(localErrors.outbox_of_another);
    expect(scene.server.received('sendMessage')).toEqual([]);
    expect(scene.kept).toEqual(['of 99']);
  });

  test('outlives a client that was closed, and is deleted when the person signs out', async () => {
    const scene = new Scene();
    scene.goOffline();
    const before = await scene.page();
    before.client.chat(7).send({ text: 'waits' });
    await scene.clock.advance(0);
    await before.client.close();
    await before.outbox.close();
    const page = await scene.page();
    expect(shown(page, 7)).toEqual([['waits', 'queued', null]]);
    await page.client.close();
    await page.outbox.clear();
    expect(scene.kept).toEqual([]);
    expect(scene.browser.held()).toEqual([]);
  });
});
