import { describe, expect, test } from 'vitest';
import type { OutgoingMessage } from '../src/api.js';
import { FakeServer, me, peer, refusal } from './support/fake-server.js';
import { ManualClock } from './support/manual-clock.js';
import { Browser, Page } from './support/pages.js';

const dayMs = 24 * 3_600_000;

class Scene {
  readonly clock = new ManualClock();
  readonly server = new FakeServer(this.clock);
  readonly browser = new Browser();

  constructor() {
    this.server.addChat(7);
    this.server.addChat(8, 2);
  }

  async page(options: ConstructorParameters<typeof Page>[3] = {}, more: ConstructorParameters<typeof Page>[4] = {}): Promise<Page> {
    const page = new Page(this.browser, this.server, this.clock, options, more);
    await this.clock.advance(0);
    return page;
  }

  goOffline(): void {
    this.server.reachable = false;
    for (const connection of this.server.connections) connection.close(1006);
  }

  /** Long enough for every pause between two connections. */
  async goOnline(): Promise<void> {
    this.server.reachable = true;
    await this.clock.advance(60_000);
  }

  stored(chatId: number): (string | null)[] {
    return this.server.chats.get(chatId)?.events.map((event) => event.text) ?? [];
  }

  get kept(): string[] {
    return [...this.browser.disk.values()].map((kept) => kept.text);
  }
}

const shown = (page: Page, chatId: number): unknown[] =>
  page.client.chat(chatId).messages.items.map((item) => [item.text, item.state, item.sequence]);

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
    expect(scene.server.received('sendMessage')[0]?.content).toMatchObject({ kind: 7 });
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
    expect(bad).toMatchObject({ state: 'failed', outgoing: { error: { name: 'invalid_argument' } } });
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
    expect(message).toMatchObject({ state: 'failed', error: { name: 'not_allowed', code: 203 } });
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
    expect(message).toMatchObject({ state: 'failed', error: { name: 'expired', retryable: false } });
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
    expect(large).toMatchObject({ state: 'failed', error: { name: 'outbox_full', retryable: true } });
    expect(messages.map((message) => message.error?.name)).toEqual([undefined, undefined, 'outbox_full']);
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
    expect(message).toMatchObject({ state: 'failed', error: { name: 'outbox_full' } });
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
    expect(third.client.chat(7).messages.items[0]).toMatchObject({ state: 'failed', outgoing: { error: { name: 'outbox_full' } } });
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
    expect(wrong.client.chat(7).messages.items[0]?.outgoing?.error?.name).toBe('outbox_of_another');
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

describe('what a person writes in an outbox of another', () => {
  test('before anybody was welcomed fails then, and is not left to be sent in the name of the other', async () => {
    const scene = new Scene();
    scene.goOffline();
    const page = await scene.page({ principalId: 99 });
    const message = page.client.chat(7).send({ text: 'of me' });
    await scene.clock.advance(0);
    expect(scene.kept).toEqual(['of me']); // it is not known yet
    await scene.goOnline();
    expect(message).toMatchObject({ state: 'failed', error: { name: 'outbox_of_another' } });
    expect(scene.kept).toEqual([]);
  });

  test('after the welcome is refused, also while offline, and not kept', async () => {
    const scene = new Scene();
    const page = await scene.page({ principalId: 99 });
    const online = page.client.chat(7).send({ text: 'online' });
    scene.goOffline();
    const offline = page.client.chat(7).send({ text: 'offline' });
    await scene.clock.advance(0);
    for (const message of [online, offline]) expect(message).toMatchObject({ state: 'failed', error: { name: 'outbox_of_another' } });
    expect(scene.kept).toEqual([]);
    expect(offline.cancel()).toBe(true);
  });

  test('takes nothing from what the other wrote, which is not counted as sent either', async () => {
    const scene = new Scene();
    scene.goOffline();
    const before = await scene.page({ principalId: 99 });
    before.client.chat(7).send({ text: 'of 99' });
    await scene.clock.advance(0);
    before.kill();
    const page = await scene.page({ principalId: 99 });
    page.client.chat(7).send({ text: 'of me' });
    await scene.goOnline();
    expect(scene.kept).toEqual(['of 99']);
    const [message] = page.client.chat(7).messages.items;
    expect(message).toMatchObject({ text: 'of 99', state: 'failed' });
    expect(message?.outgoing?.cancel()).toBe(true);
    await scene.clock.advance(0);
    expect(scene.kept).toEqual([]);
  });
});

describe('an outbox that is cleared', () => {
  test('leaves what other pages keep, also when the last write of it failed', async () => {
    const scene = new Scene();
    const [one, two] = [await scene.page(), await scene.page()];
    scene.goOffline();
    two.client.chat(7).send({ text: 'of two' });
    await scene.clock.advance(0);
    scene.browser.fault = new Error('QuotaExceeded');
    one.client.chat(7).send({ text: 'of one' });
    await scene.clock.advance(0);
    expect(one.outbox.state.kind).toBe('memory');
    scene.browser.fault = null;
    await one.client.close();
    await one.outbox.clear();
    expect(scene.kept).toEqual(['of two']);
  });

  test('does not wait for ever for a store that does not answer, and says so', async () => {
    const scene = new Scene();
    const page = await scene.page();
    await page.client.close();
    scene.browser.hangs = true;
    const outcome = page.outbox.clear().then(
      () => 'cleared',
      (thrown: unknown) => String(thrown),
    );
    await scene.clock.advance(20_000);
    expect(await outcome).toContain('No answer');
    expect(scene.browser.held()).toEqual([]);
  });
});

describe('two pages', () => {
  test('send their own, and none twice', async () => {
    const scene = new Scene();
    const [one, two] = [await scene.page(), await scene.page()];
    scene.goOffline();
    one.client.chat(7).send({ text: 'of one' });
    two.client.chat(7).send({ text: 'of two' });
    await scene.clock.advance(0);
    expect([shown(one, 7).length, shown(two, 7).length]).toEqual([1, 1]);
    await scene.goOnline();
    expect([...scene.stored(7)].sort()).toEqual(['of one', 'of two']);
    expect(scene.server.received('sendMessage')).toHaveLength(2);
  });

  test.each(['one', 'two'])('and the one that stays takes over what the other leaves (%s ends)', async (ends) => {
    const scene = new Scene();
    const pages = { one: await scene.page(), two: await scene.page() };
    scene.goOffline();
    const [ending, staying] = ends === 'one' ? [pages.one, pages.two] : [pages.two, pages.one];
    for (const text of ['a', 'b']) ending.client.chat(7).send({ text });
    await scene.clock.advance(0);
    ending.kill();
    await scene.clock.advance(0);
    expect(shown(staying, 7).map((item) => (item as unknown[])[0])).toEqual(['a', 'b']);
    await scene.goOnline();
    expect(scene.stored(7)).toEqual(['a', 'b']);
    expect(scene.kept).toEqual([]);
  });

  test('and what the other got stored without knowing it is not shown twice', async () => {
    const scene = new Scene();
    const [one, two] = [await scene.page(), await scene.page()];
    scene.server.answers.set('sendMessage', (value: { clientMessageId: string; text: string }) => {
      scene.server.chats.get(7)?.append(value.text, me, { clientMessageId: value.clientMessageId });
      return null;
    });
    one.client.chat(7).send({ text: 'stored' });
    await scene.clock.advance(0);
    await two.client.chat(7).open();
    one.kill();
    await scene.clock.advance(0);
    expect(shown(two, 7)).toEqual([['stored', 'sent', 1]]);
    expect(scene.kept).toEqual([]);
    expect(scene.stored(7)).toEqual(['stored']);
  });
});

describe('a store that fails', () => {
  test('keeps nobody from sending, and is told', async () => {
    const scene = new Scene();
    const states: unknown[] = [];
    const page = await scene.page({ changed: ({ state }) => states.push(state.kind) });
    scene.browser.fault = new Error('QuotaExceeded');
    const message = page.client.chat(7).send({ text: 'hello' });
    await scene.clock.advance(0);
    expect(message.state).toBe('sent');
    expect(page.outbox.state).toMatchObject({ kind: 'memory', reason: { name: 'outbox_unwritable', cause: scene.browser.fault } });
    scene.browser.fault = null;
    page.client.chat(7).send({ text: 'again' });
    await scene.clock.advance(0);
    expect(states).toEqual(['durable', 'memory', 'durable']);
    expect(scene.kept).toEqual([]);
  });

  test('forgets in the end what was taken back meanwhile', async () => {
    const scene = new Scene();
    scene.goOffline();
    const page = await scene.page();
    const message = page.client.chat(7).send({ text: 'not after all' });
    await scene.clock.advance(0);
    scene.browser.fault = new Error('away');
    expect(message.cancel()).toBe(true);
    await scene.clock.advance(0);
    expect(scene.kept).toEqual(['not after all']);
    scene.browser.fault = null;
    page.client.chat(7).send({ text: 'another' });
    await scene.clock.advance(0);
    expect(scene.kept).toEqual(['another']);
  });

  test('and never answers keeps nobody from sending for long', async () => {
    const scene = new Scene();
    scene.browser.hangs = true;
    const page = await scene.page();
    const message = page.client.chat(7).send({ text: 'hello' });
    await scene.clock.advance(4_999);
    expect(message.state).toBe('queued');
    await scene.clock.advance(5_001);
    expect(message.state).toBe('sent');
    expect(page.outbox.state.kind).toBe('memory');
  });

  test('is told to an app that throws, which keeps nobody from sending', async () => {
    const scene = new Scene();
    const thrown: unknown[] = [];
    const own = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error.message));
    try {
      const page = await scene.page({
        changed: () => {
          throw new Error('of the app');
        },
      });
      scene.browser.fault = new Error('QuotaExceeded');
      const messages = ['a', 'b'].map((text) => page.client.chat(7).send({ text }));
      await scene.clock.advance(0);
      expect(messages.map((message) => message.state)).toEqual(['sent', 'sent']);
      expect(thrown).toContain('of the app');
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of own) process.on('uncaughtException', listener);
    }
  });

  // The second is due again while the store refuses the first: nothing else would ever write it.
  test('lets all of what was sent within one turn go out', async () => {
    const scene = new Scene();
    const page = await scene.page();
    scene.browser.fault = new Error('QuotaExceeded');
    const messages = ['a', 'b', 'c', 'd', 'e'].map((text) => page.client.chat(7).send({ text }));
    await scene.clock.advance(0);
    expect(messages.map((message) => message.state)).toEqual(messages.map(() => 'sent'));
    expect(scene.stored(7)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('lets go out what was sent while a write was not answered', async () => {
    const scene = new Scene();
    const page = await scene.page();
    scene.browser.hangs = true;
    page.client.chat(7).send({ text: 'before' });
    await scene.clock.advance(1_000);
    page.client.chat(7).send({ text: 'meanwhile' });
    await scene.clock.advance(20_000);
    expect(scene.stored(7)).toEqual(['before', 'meanwhile']);
  });

  test('is asked ever more seldom, holds nothing up, and has in the end what waits and nothing else', async () => {
    const scene = new Scene();
    const page = await scene.page();
    const chat = page.client.chat(7);
    scene.browser.fault = new Error('QuotaExceeded');
    for (let i = 0; i < 50; i++) {
      chat.send({ text: `m${i}` });
      await scene.clock.advance(100);
    }
    expect(scene.stored(7)).toHaveLength(50);
    expect(scene.browser.writes).toBeLessThan(10);
    scene.goOffline();
    chat.send({ text: 'waits' });
    await scene.clock.advance(0);
    scene.browser.fault = null;
    await scene.clock.advance(120_000);
    expect(scene.kept).toEqual(['waits']);
    expect(page.outbox.state.kind).toBe('durable');
  });

  test('deletes in the end what a write without an answer may have stored', async () => {
    const scene = new Scene();
    const page = await scene.page();
    scene.goOffline();
    scene.browser.hangs = true;
    const message = page.client.chat(7).send({ text: 'perhaps' });
    await scene.clock.advance(6_000);
    expect(scene.kept).toEqual(['perhaps']);
    expect(message.cancel()).toBe(true);
    scene.browser.hangs = false;
    await scene.clock.advance(60_000);
    expect(scene.kept).toEqual([]);
  });

  test('does not keep a timer running behind its end', async () => {
    const scene = new Scene();
    const page = await scene.page();
    scene.goOffline();
    scene.browser.fault = new Error('QuotaExceeded');
    page.client.chat(7).send({ text: 'waits' });
    await scene.clock.advance(0);
    await page.client.close();
    await page.outbox.close();
    expect(scene.clock.pending).toBe(0);
  });
});
