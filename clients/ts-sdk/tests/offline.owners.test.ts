import { describe, expect, test } from 'vitest';
import * as localErrors from '../src/local-errors.js';
import { me } from './support/fake-server.js';
import { Scene, shown } from './support/scene.js';

describe('what a person writes in an outbox of another', () => {
  test('before anybody was welcomed fails then, and is not left to be sent in the name of the other', async () => {
    const scene = new Scene();
    scene.goOffline();
    const page = await scene.page({ principalId: 99 });
    const message = page.client.chat(7).send({ text: 'of me' });
    await scene.clock.advance(0);
    expect(scene.kept).toEqual(['of me']); // it is not known yet
    await scene.goOnline();
    expect(message).toMatchObject({ state: 'failed', error: { code: localErrors.outbox_of_another } });
    expect(scene.kept).toEqual([]);
  });

  test('after the welcome is refused, also while offline, and not kept', async () => {
    const scene = new Scene();
    const page = await scene.page({ principalId: 99 });
    const online = page.client.chat(7).send({ text: 'online' });
    scene.goOffline();
    const offline = page.client.chat(7).send({ text: 'offline' });
    await scene.clock.advance(0);
    for (const message of [online, offline])
      expect(message).toMatchObject({ state: 'failed', error: { code: localErrors.outbox_of_another } });
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
