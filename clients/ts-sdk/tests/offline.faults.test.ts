import { describe, expect, test } from 'vitest';
import * as localErrors from '../src/local-errors.js';
import { Scene } from './support/scene.js';

describe('a store that fails', () => {
  test('keeps nobody from sending, and is told', async () => {
    const scene = new Scene();
    const states: unknown[] = [];
    const page = await scene.page({ changed: ({ state }) => states.push(state.kind) });
    scene.browser.fault = new Error('QuotaExceeded');
    const message = page.client.chat(7).send({ text: 'hello' });
    await scene.clock.advance(0);
    expect(message.state).toBe('sent');
    expect(page.outbox.state).toMatchObject({
      kind: 'memory',
      reason: { code: localErrors.outbox_unwritable, cause: scene.browser.fault },
    });
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
