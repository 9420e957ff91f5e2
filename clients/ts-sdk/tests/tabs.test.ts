import { describe, expect, test } from 'vitest';
import type { ChatEvent } from '../src/api.js';
import { ChatError } from '../src/errors.js';
import { pushes } from '../src/frames/pushes.js';
import { createPresences, presencePushes } from '../src/people/presences.js';
import { Tab, TabScene } from './support/tabs.js';

const texts = (events: readonly ChatEvent[]): (string | null | undefined)[] => events.map((event) => event.text);

/** More than it takes to notice that a leader is frozen, and to come back. */
const noticedMs = 15_000;

describe('several tabs', () => {
  test('hold one connection, and each hears all', async () => {
    const scene = new TabScene();
    const tabs = [await scene.tab(), await scene.tab(), await scene.tab()];
    expect(scene.server.connections).toHaveLength(1);
    expect(scene.server.received('hello')).toHaveLength(1);
    expect(tabs.map((tab) => [tab.isOnline, tab.share.leads])).toEqual([
      [true, true],
      [true, false],
      [true, false],
    ]);
    scene.say(7, 'for all');
    await scene.clock.advance(0);
    expect(tabs.map((tab) => texts(tab.heard))).toEqual([['for all'], ['for all'], ['for all']]);
  });

  test('that are opened at once hold one as well', async () => {
    const scene = new TabScene();
    const tabs = await Promise.all([scene.tab(), scene.tab(), scene.tab()]);
    await scene.clock.advance(5_000);
    expect(tabs.map((tab) => tab.isOnline)).toEqual([true, true, true]);
    expect(scene.server.connections).toHaveLength(1);
  });

  test('send what is written in any of them, once, and get answers to their own questions', async () => {
    const scene = new TabScene();
    const [one, two, three] = [await scene.tab(), await scene.tab(), await scene.tab()];
    const sent = [one, two, three].map((tab, i) => tab.client.chat(7).send({ text: `of ${i}` }));
    await scene.clock.advance(0);
    expect(sent.map((message) => message.state)).toEqual(['sent', 'sent', 'sent']);
    expect([...scene.texts(7)].sort()).toEqual(['of 0', 'of 1', 'of 2']);
    for (const tab of [one, two, three]) expect(texts(tab.heard)).toEqual(scene.texts(7));
    const [first, second] = await Promise.all([two.client.chat(7).history({}), three.client.chat(8).history({})]);
    expect([first.events.length, second.events.length]).toEqual([3, 0]);
  });

  test('tell the receipts of one in the others', async () => {
    const scene = new TabScene();
    const [one, two] = [await scene.tab(), await scene.tab()];
    scene.say(7, 'to be read');
    await scene.clock.advance(1_000);
    expect(one.client.chats.items.find(({ chatId }) => chatId === 7)?.unread).toBe(1);
    two.client.chat(7).markRead(1);
    await scene.clock.advance(1_000);
    scene.server.connection.push(pushes.receipts, { chatId: 7, receipts: [{ principalId: 1, deliveredUpTo: 1, readUpTo: 1 }] });
    await scene.clock.advance(1_000);
    expect(one.client.chats.items.find(({ chatId }) => chatId === 7)?.unread).toBe(0);
  });

  test('watch the people of all of them, and each hears of its own', async () => {
    const scene = new TabScene();
    const [one, two] = [await scene.tab(), await scene.tab()];
    const seen: [string, number][] = [];
    const ofOne = createPresences(one.client, (principalId) => seen.push(['one', principalId]));
    const ofTwo = createPresences(two.client, (principalId) => seen.push(['two', principalId]));
    await Promise.all([ofOne.watch([2, 3]), scene.clock.advance(0)]);
    const [told] = await Promise.all([ofTwo.watch([3, 4]), scene.clock.advance(0)]);
    seen.length = 0;
    expect(told.map(({ principalId }) => principalId)).toEqual([3, 4]);
    expect(scene.server.received('watchPresence').at(-1)?.principalIds).toEqual([3, 4, 2]);
    for (const principalId of [2, 3, 4])
      scene.server.connection.push(presencePushes.presence, { principalId, online: false, lastSeenMs: 1 });
    await scene.clock.advance(0);
    expect(seen.sort()).toEqual([
      ['one', 2],
      ['one', 3],
      ['two', 3],
      ['two', 4],
    ]);
  });

  test('ask for a token once when theirs ends', async () => {
    const scene = new TabScene();
    const tabs = [await scene.tab(), await scene.tab(), await scene.tab()];
    scene.server.connection.push(pushes.tokenExpiring, { expiresAtMs: scene.clock.now() + 60_000 });
    await scene.clock.advance(1_000);
    expect(tabs.map((tab) => tab.tokens.filter((why) => why === 'expiring').length)).toEqual([1, 0, 0]);
    expect(scene.server.received('authenticate')).toHaveLength(1);
  });

  test('are all signed out when one is', async () => {
    const scene = new TabScene();
    let isOut = false;
    const token = async (): Promise<string> => {
      if (isOut) throw new ChatError(303, 'This device is signed out.', { retryable: false });
      return 'token';
    };
    const tabs = [await scene.tab({ token }), await scene.tab({ token })];
    isOut = true;
    scene.server.connection.close(4402, 'signed out');
    await scene.clock.advance(5_000);
    expect(tabs.map((tab) => tab.client.state)).toMatchObject(tabs.map(() => ({ kind: 'closed', reason: { code: 303 } })));
    expect(scene.openSockets).toBe(0);
  });

  test('that say nothing for an hour stay as they are', async () => {
    const scene = new TabScene();
    const [one, two] = [await scene.tab(), await scene.tab()];
    await scene.clock.advance(3_600_000);
    await scene.tab(); // an occasion to forget who is silent
    scene.say(7, 'late');
    await scene.clock.advance(0);
    expect([scene.server.connections.length, scene.leaders]).toEqual([1, [one]]);
    expect(texts(two.heard)).toEqual(['late']);
  });

  test('come back over one connection after a loss', async () => {
    const scene = new TabScene();
    const tabs = [await scene.tab(), await scene.tab(), await scene.tab()];
    scene.server.connection.close(1006);
    scene.server.chats.get(7)?.append('meanwhile');
    await scene.clock.advance(5_000);
    expect(tabs.map((tab) => [tab.isOnline, ...texts(tab.heard)])).toEqual(tabs.map(() => [true, 'meanwhile']));
    expect(scene.server.connections).toHaveLength(2);
  });

  test('come back together when the server says goodbye', async () => {
    const scene = new TabScene();
    const tabs = [await scene.tab(), await scene.tab()];
    scene.server.connection.push(pushes.goodbye, { code: 4000, reason: 'draining', reconnectAfterMs: 2_000 });
    await scene.clock.advance(0);
    expect(scene.openSockets).toBe(0); // nothing was in flight: the last client that left ended it
    const late = await scene.tab();
    await scene.clock.advance(5_000);
    expect([...tabs, late].map((tab) => tab.isOnline)).toEqual([true, true, true]);
    expect(scene.openSockets).toBe(1);
  });

  test('close the connection with the last client', async () => {
    const scene = new TabScene();
    const [one, two] = [await scene.tab(), await scene.tab()];
    await one.client.close();
    await scene.clock.advance(0);
    expect([scene.openSockets, two.isOnline]).toEqual([1, true]); // its tab serves the other one still
    await two.client.close();
    await scene.clock.advance(0);
    expect(scene.openSockets).toBe(0);
  });
});

describe('a tab that joins', () => {
  test('while the server is draining waits for the next session', async () => {
    const scene = new TabScene();
    const one = await scene.tab();
    scene.server.answers.set('getHistory', () => null); // keeps the first tab's goodbye open
    void one.client
      .chat(7)
      .history({})
      .catch(() => {});
    await scene.clock.advance(0);
    scene.server.connection.push(pushes.goodbye, { code: 4000, reason: 'draining', reconnectAfterMs: 1_000 });
    await scene.clock.advance(0);
    const two = await scene.tab();
    expect([scene.server.connections.length, two.isOnline]).toEqual([1, false]);
    scene.server.answers.clear();
    await scene.clock.advance(10_000);
    expect([scene.openSockets, scene.server.connections.length, one.isOnline, two.isOnline]).toEqual([1, 2, true, true]);
  });

  test('again after it was away is told what it missed, of each chat', async () => {
    const scene = new TabScene();
    const [, two] = [await scene.tab(), await scene.tab()];
    await two.client.close();
    scene.say(7, 'missed');
    scene.say(8, 'missed too');
    await scene.clock.advance(0);
    const connecting = two.client.connect();
    await scene.clock.advance(1_000);
    await connecting;
    expect(texts(two.heard).sort()).toEqual(['missed', 'missed too']);
    expect(scene.server.received('hello')).toHaveLength(1);
  });

  test('again hears of a chat whose numbering is another one now', async () => {
    const scene = new TabScene();
    scene.say(7, 'of before');
    const [one, two] = [await scene.tab(), await scene.tab()];
    const voided: number[] = [];
    two.client.on('discontinuity', ({ chatId }) => voided.push(chatId));
    await two.client.close();
    const chat = scene.server.chats.get(7);
    if (chat !== undefined) chat.epoch = 34;
    scene.server.connection.close(1006);
    await scene.clock.advance(1_000);
    expect(one.isOnline).toBe(true);
    const connecting = two.client.connect();
    await scene.clock.advance(1_000);
    await connecting;
    expect(voided).toEqual([7]);
  });
});

describe('when the tab that leads', () => {
  test('is closed, another one leads within a second, and sends what was under way under the same id', async () => {
    const scene = new TabScene();
    const [one, two, three] = [await scene.tab(), await scene.tab(), await scene.tab()];
    scene.server.answers.set('sendMessage', () => null); // under way
    const message = two.client.chat(7).send({ text: 'under way' });
    await scene.clock.advance(0);
    scene.server.answers.clear();
    await one.close();
    await scene.clock.advance(1_000);
    expect(scene.leaders).toEqual([two]);
    expect([two.isOnline, three.isOnline, scene.openSockets]).toEqual([true, true, 1]);
    expect([message.state, scene.texts(7)]).toEqual(['sent', ['under way']]);
    const ids = scene.server.received('sendMessage').map(({ clientMessageId }) => clientMessageId);
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(2);
  });

  test('is killed, what it had stored without telling is not stored twice, and what it left is sent', async () => {
    const scene = new TabScene();
    const [one, two, three] = [await scene.tab(), await scene.tab(), await scene.tab()];
    scene.server.answers.set('sendMessage', (value: { clientMessageId: string; text: string }) => {
      scene.server.chats.get(7)?.append(value.text, 1, { clientMessageId: value.clientMessageId });
      return null; // the ack is lost with the tab
    });
    two.client.chat(7).send({ text: 'of two' });
    one.client.chat(7).send({ text: 'of one' });
    await scene.clock.advance(0);
    scene.server.answers.clear();
    one.kill();
    await scene.clock.advance(1_000);
    expect([...scene.texts(7)].sort()).toEqual(['of one', 'of two']);
    expect(texts(two.heard).sort()).toEqual(['of one', 'of two']);
    expect([two.isOnline, three.isOnline, two.share.leads, scene.openSockets]).toEqual([true, true, true, 1]);
    expect(scene.browser.disk.size).toBe(0);
    scene.say(7, 'after it');
    await scene.clock.advance(0);
    expect([two, three].map((tab) => tab.heard.at(-1)?.text)).toEqual(['after it', 'after it']);
  });

  test('is frozen, another one takes its place, and it follows once it runs again', async () => {
    const scene = new TabScene();
    const [one, two, three] = [await scene.tab(), await scene.tab(), await scene.tab()];
    one.freeze();
    const message = two.client.chat(7).send({ text: 'while it is frozen' });
    await scene.clock.advance(noticedMs);
    expect(message.state).toBe('sent');
    expect([two.isOnline, three.isOnline]).toEqual([true, true]);
    expect([two.share.leads, three.share.leads].filter(Boolean)).toHaveLength(1);
    await one.thaw();
    await scene.clock.advance(5_000);
    expect(one.share.leads).toBe(false);
    expect([one.isOnline, scene.openSockets]).toEqual([true, 1]);
    expect(scene.texts(7)).toEqual(['while it is frozen']);
    for (const tab of [one, two, three]) expect(texts(tab.heard)).toEqual(['while it is frozen']);
    two.kill();
    three.kill();
    await scene.clock.advance(1_000);
    expect([one.share.leads, one.isOnline]).toEqual([true, true]);
  });

  test('runs again just after another one took its place, it stops leading at once', async () => {
    const scene = new TabScene();
    const one = await scene.tab();
    one.freeze();
    const two = await scene.tab();
    await scene.clock.advance(3_500);
    expect(two.share.leads).toBe(true);
    await one.thaw();
    expect([one.share.leads, scene.openSockets]).toEqual([false, 1]);
    await scene.clock.advance(1_000);
    expect(one.isOnline).toBe(true);
  });

  test('was frozen and nobody took its place, it lets another one lead rather than send what is long past', async () => {
    const scene = new TabScene();
    const [one, two] = [await scene.tab(), await scene.tab()];
    one.freeze();
    two.client.chat(7).send({ text: 'late' });
    await scene.clock.advance(10);
    two.freeze(); // the whole browser sleeps
    await scene.clock.advance(60_000);
    await one.thaw();
    await two.thaw();
    await scene.clock.advance(noticedMs);
    expect([one.isOnline, two.isOnline, scene.openSockets]).toEqual([true, true, 1]);
    expect(scene.leaders).toEqual([two]);
    expect(scene.texts(7)).toEqual(['late']);
  });

  test('ends as another one is opened, the next one serves it within a second', async () => {
    const scene = new TabScene();
    const [one, two] = [await scene.tab(), await scene.tab()];
    one.freeze();
    const three = await scene.tab(); // asked the one that does not answer any more
    one.kill();
    await scene.clock.advance(1_000);
    expect([two.share.leads, two.isOnline, three.isOnline, scene.openSockets]).toEqual([true, true, true, 1]);
  });

  test('has a socket that is dead, a tab that asks for a sign of life ends it for all', async () => {
    const scene = new TabScene();
    let wake: (signal: 'visible') => void = () => {};
    const wakeSignals = {
      listen: (handler: (signal: 'online' | 'visible') => void) => {
        wake = handler;
        return () => {};
      },
    };
    const [one, two] = [await scene.tab(), await scene.tab({ wakeSignals })];
    const dead = scene.server.connection;
    scene.server.answers.set('ping', (_: unknown, connection) => (connection === dead ? null : 'default'));
    await scene.clock.advance(3_000);
    wake('visible');
    await scene.clock.advance(4_000);
    expect(dead.isOpen).toBe(false);
    expect([one.isOnline, two.isOnline, scene.openSockets]).toEqual([true, true, 1]);
  });
});

describe('a tab that follows', () => {
  test('and hears much without a word of its own is not forgotten', async () => {
    const scene = new TabScene();
    const [, two] = [await scene.tab(), await scene.tab({ markDelivered: false })];
    const since = two.client.state.since;
    for (let i = 0; i < 100; i++) {
      scene.say(7, `said ${i}`);
      await scene.clock.advance(4_000);
    }
    await scene.tab(); // an occasion to forget who is silent
    scene.say(7, 'the last');
    await scene.clock.advance(0);
    expect([two.client.state.since, two.heard.at(-1)?.text]).toEqual([since, 'the last']);
  });

  test('and is silent for long is forgotten, and comes back when it wakes', async () => {
    const scene = new TabScene();
    const [one, two] = [await scene.tab(), await scene.tab()];
    two.freeze();
    await scene.clock.advance(200_000);
    const three = await scene.tab(); // whoever comes is the occasion
    scene.say(7, 'meanwhile');
    await two.thaw();
    await scene.clock.advance(noticedMs);
    expect([one, two, three].map((tab) => tab.isOnline)).toEqual([true, true, true]);
    expect(texts(two.heard)).toEqual(['meanwhile']);
    expect(scene.openSockets).toBe(1);
  });

  test('and breaks the protocol loses its own connection only', async () => {
    const scene = new TabScene();
    const [one, two] = [await scene.tab(), await scene.tab()];
    const closed: number[] = [];
    const stray = two.share.transport('ws://chat.test:8080/ws', {
      opened: () => stray.send(Uint8Array.of(9, 0, 0, 0, 1)),
      received() {},
      closed: (code) => closed.push(code),
    });
    await scene.clock.advance(10);
    expect(closed).toEqual([4500]);
    expect([one.isOnline, two.isOnline]).toEqual([true, true]);
  });
});

test('a tab that is closed before it was told that it leads does not lead', async () => {
  const scene = new TabScene();
  const one = new Tab(scene, {});
  await Promise.resolve(); // its client asks for its token before it connects
  await Promise.resolve();
  one.share.close();
  const two = await scene.tab();
  await scene.clock.advance(1_000);
  expect([one.share.leads, two.share.leads, two.isOnline]).toEqual([false, true, true]);
});

test('where locks are refused, a tab has its own connection', async () => {
  const scene = new TabScene();
  scene.locks = () => ({ lead: () => Promise.reject(new DOMException('no locks here', 'SecurityError')) });
  const tabs = [await scene.tab(), await scene.tab()];
  expect(tabs.map((tab) => tab.isOnline)).toEqual([true, true]);
  expect(scene.openSockets).toBe(2);
  scene.server.connections[0]?.close(1006);
  await scene.clock.advance(2_000);
  expect([tabs[0]?.isOnline, scene.openSockets]).toEqual([true, 2]);
});
