import fc from 'fast-check';
import { expect, test } from 'vitest';
import { me } from './support/fake-server.js';
import { type Tab, TabScene } from './support/tabs.js';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.info(`tabs.order seed ${seed}`);

const chatIds = [7, 8];

type Step =
  | { readonly kind: 'send'; readonly tab: number; readonly chat: number }
  | { readonly kind: 'say'; readonly chat: number }
  | { readonly kind: 'open' }
  /** The tab of this number, of those that are open; `leader`: that one. */
  | { readonly kind: 'close' | 'kill' | 'freeze' | 'thaw'; readonly tab: number | 'leader' }
  | { readonly kind: 'offline' | 'online' | 'cut' }
  /** What becomes of the next send: stored without an answer, or lost on its way. */
  | { readonly kind: 'fault'; readonly fault: 'ack lost' | 'lost' }
  /** No time: whatever comes next comes in the same turn. */
  | { readonly kind: 'pass'; readonly ms: number };

const tab = fc.nat({ max: 3 });
const chat = fc.constantFrom(...chatIds);
const which = fc.oneof(tab, fc.constant('leader' as const));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('send' as const), tab, chat }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('say' as const), chat }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('open' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('close' as const, 'kill' as const, 'freeze' as const, 'thaw' as const), tab: which }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('offline' as const, 'online' as const, 'cut' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('fault' as const), fault: fc.constantFrom('ack lost' as const, 'lost' as const) }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 12_000 })) }) },
);

/** Tabs that come, go, freeze and take over from each other, while people write in all of them. */
class Run {
  readonly scene = new TabScene();
  readonly sent: { readonly text: string; readonly chat: number; readonly from: Tab }[] = [];
  /** Where each chat was when a tab began to hear of it. */
  readonly #began = new Map<Tab, Map<number, number>>();

  async play(steps: readonly Step[]): Promise<void> {
    await this.#open();
    await this.#open();
    for (const one of steps) await this.#do(one);
    await this.#settle();
  }

  /** Nothing lost, nothing twice, what each tab wrote in its order; and one connection. */
  judge(): void {
    const { scene } = this;
    for (const chatId of chatIds) {
      const stored = scene.texts(chatId);
      expect(new Set(stored).size).toBe(stored.length);
      for (const from of scene.tabs) {
        const own = this.sent.filter((message) => message.from === from && message.chat === chatId).map(({ text }) => text);
        expect(stored.filter((text) => own.includes(text as string))).toEqual(own);
      }
    }
    for (const [one, began] of this.#began) {
      if (!one.gate.isAlive) continue;
      for (const chatId of chatIds) {
        const heard = one.heard.filter((event) => event.chatId === chatId).map((event) => event.sequence);
        const from = began.get(chatId) as number;
        const head = scene.server.chats.get(chatId)?.head ?? 0;
        expect(heard).toEqual(Array.from({ length: head - from }, (_, i) => from + 1 + i));
      }
      expect(one.isOnline).toBe(true);
    }
    expect(scene.leaders).toHaveLength(1);
    expect(scene.openSockets).toBe(1);
    expect(scene.browser.disk.size).toBe(0);
  }

  get #alive(): Tab[] {
    return this.scene.tabs.filter((one) => one.gate.isAlive);
  }

  #pick(which: number | 'leader'): Tab | undefined {
    return which === 'leader' ? this.scene.leaders[0] : this.#alive[which % Math.max(1, this.#alive.length)];
  }

  async #open(): Promise<void> {
    const began = new Map<number, number>();
    const one = await this.scene.tab();
    // What it held when it was listed; a client begins with the present of each chat.
    const note = (): void => {
      for (const chatId of chatIds) {
        const position = one.client.dump().positions.find((held) => held.chatId === chatId);
        const heard = one.heard.filter((event) => event.chatId === chatId).length;
        if (position !== undefined && !began.has(chatId)) began.set(chatId, position.sequence - heard);
      }
    };
    note();
    one.client.on('chats', note);
    this.#began.set(one, began);
  }

  async #do(one: Step): Promise<void> {
    const { scene } = this;
    switch (one.kind) {
      case 'send': {
        const from = this.#pick(one.tab);
        if (from === undefined || from.gate.isFrozen) return; // nobody writes in a page that does not run
        const text = `t${this.sent.length}`;
        this.sent.push({ text, chat: one.chat, from });
        from.client.chat(one.chat).send({ text });
        await from.page.outbox.state; // the turn in which it is written ends: before that, it ends with the page
        await Promise.resolve();
        await scene.clock.advance(0);
        return;
      }
      case 'say':
        scene.say(one.chat, `said ${scene.clock.now()} ${scene.texts(7).length + scene.texts(8).length}`);
        return;
      case 'open':
        if (this.#alive.length < 4) await this.#open();
        return;
      case 'close': {
        const closing = this.#pick(one.tab);
        if (closing === undefined || closing.gate.isFrozen) return;
        void closing.close();
        await scene.clock.advance(0);
        return;
      }
      case 'kill':
        this.#pick(one.tab)?.kill();
        return;
      case 'freeze':
        this.#pick(one.tab)?.freeze();
        return;
      case 'thaw':
        this.#pick(one.tab)?.gate.thaw();
        return;
      case 'offline':
        scene.server.reachable = false;
        for (const connection of scene.server.connections) connection.close(1006);
        return;
      case 'online':
        scene.server.reachable = true;
        return;
      case 'cut':
        for (const connection of scene.server.connections) connection.close(1006);
        return;
      case 'fault':
        this.#failNextSend(one.fault);
        return;
      case 'pass':
        await scene.clock.advance(one.ms);
    }
  }

  #failNextSend(fault: 'ack lost' | 'lost'): void {
    const { server } = this.scene;
    server.answers.set('sendMessage', (value: { chatId: number; clientMessageId: string; text: string }, connection) => {
      server.answers.delete('sendMessage');
      const chat = server.chats.get(value.chatId);
      const isKnown = chat?.events.some(({ clientMessageId }) => clientMessageId === value.clientMessageId);
      connection.close(1006);
      const event = fault === 'lost' || isKnown ? undefined : chat?.append(value.text, me, { clientMessageId: value.clientMessageId });
      if (event !== undefined) server.tell(event);
      return null;
    });
  }

  /** All is well again, and a tab is there to see to what others left. */
  async #settle(): Promise<void> {
    const { scene } = this;
    scene.server.reachable = true;
    for (const one of this.#alive) one.gate.thaw();
    await scene.clock.advance(0);
    if (this.#alive.length === 0) await this.#open();
    await scene.clock.advance(120_000);
  }
}

test('whatever happens to tabs, nothing is lost, doubled or out of order, and one connection is left', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const run = new Run();
      await run.play(steps);
      run.judge();
    }),
    { seed, numRuns: Number(process.env['RUNS'] ?? 120) },
  );
});
