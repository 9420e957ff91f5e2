import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeServer, me, refusal } from './support/fake-server.js';
import { ManualClock, settled } from './support/manual-clock.js';
import { Browser, Page } from './support/pages.js';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.info(`offline.order seed ${seed}`);

const chatIds = [7, 8];

type Step =
  | { readonly kind: 'send'; readonly page: number; readonly chat: number }
  /** The page of this number is killed after so many turns of the queue, and another one is opened in its place. */
  | { readonly kind: 'reload'; readonly page: number; readonly turns: number }
  | { readonly kind: 'offline' | 'online' | 'settle' }
  /** What becomes of the next send: stored without an answer, lost on its way, or refused for now. */
  | { readonly kind: 'fault'; readonly fault: 'ack lost' | 'lost' | 'busy' }
  | { readonly kind: 'pass'; readonly ms: number };

function steps(pages: number): fc.Arbitrary<Step[]> {
  const page = fc.nat({ max: pages - 1 });
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('send' as const), page, chat: fc.constantFrom(...chatIds) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('reload' as const), page, turns: fc.nat({ max: 12 }) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('offline' as const, 'online' as const, 'settle' as const) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('fault' as const),
          fault: fc.constantFrom('ack lost' as const, 'lost' as const, 'busy' as const),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 5_000 }) }) },
    ),
    { minLength: 5, maxLength: 40 },
  );
}

interface Sent {
  readonly text: string;
  readonly chat: number;
  /** The page that it was sent from, of all that there were. */
  readonly from: number;
}

class Run {
  readonly clock = new ManualClock();
  readonly server = new FakeServer(this.clock);
  readonly browser = new Browser();
  readonly pages: { page: Page; number: number }[] = [];
  readonly sent: Sent[] = [];
  /** Texts that were written, or arrived, at some time: they must arrive in the end. */
  readonly owed = new Set<string>();
  #opened = 0;

  constructor(pages: number) {
    for (const chatId of chatIds) this.server.addChat(chatId);
    for (let i = 0; i < pages; i++) this.pages.push(this.#open());
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'send': {
        const { page, number } = this.#at(step.page);
        const text = `m${this.sent.length}`;
        this.sent.push({ text, chat: step.chat, from: number });
        page.client.chat(step.chat).send({ text });
        return;
      }
      case 'reload':
        for (let i = 0; i < step.turns; i++) await Promise.resolve();
        this.#at(step.page).page.kill();
        this.#owe();
        this.pages[step.page] = this.#open();
        return;
      case 'offline':
        this.server.reachable = false;
        for (const connection of this.server.connections) connection.close(1006);
        return;
      case 'online':
        this.server.reachable = true;
        return this.clock.advance(1_000);
      case 'settle':
        await settled();
        this.#owe();
        // What had a moment is written, or stored already.
        for (const { text } of this.sent) if (this.#isFresh(text)) expect(this.owed).toContain(text);
        return;
      case 'fault':
        this.#fail(step.fault);
        return;
      case 'pass':
        return this.clock.advance(step.ms);
    }
  }

  async finish(): Promise<void> {
    this.server.answers.clear();
    this.server.reachable = true;
    await this.clock.advance(120_000);
    this.#owe();
    for (const chatId of chatIds) await this.#judge(chatId);
    expect([...this.browser.disk.keys()]).toEqual([]);
  }

  async #judge(chatId: number): Promise<void> {
    const texts = this.server.chats.get(chatId)?.events.map((event) => event.text ?? '') ?? [];
    const sent = this.sent.filter((one) => one.chat === chatId);
    expect(new Set(texts).size).toBe(texts.length);
    expect(sent.map((one) => one.text).filter((text) => this.owed.has(text) && !texts.includes(text))).toEqual([]);
    for (let number = 0; number < this.#opened; number++) {
      const ofPage = sent.filter((one) => one.from === number && texts.includes(one.text)).map((one) => one.text);
      expect(texts.filter((text) => ofPage.includes(text))).toEqual(ofPage);
    }
    if (this.pages.length === 1) expect(texts).toEqual(sent.map((one) => one.text).filter((text) => texts.includes(text)));
    for (const { page } of this.pages) {
      const chat = page.client.chat(chatId);
      await chat.open({ window: 200 });
      expect(chat.messages.items.map((item) => item.text)).toEqual(texts);
      expect(chat.messages.items.every((item) => item.sequence !== null)).toBe(true);
    }
  }

  #open(): { page: Page; number: number } {
    return { page: new Page(this.browser, this.server, this.clock), number: this.#opened++ };
  }

  #at(at: number): { page: Page; number: number } {
    return this.pages[at] as { page: Page; number: number };
  }

  #owe(): void {
    for (const kept of this.browser.disk.values()) this.owed.add(kept.text);
    for (const chat of this.server.chats.values()) for (const event of chat.events) this.owed.add(event.text ?? '');
  }

  /** Sent by a page that is still there. */
  #isFresh(text: string): boolean {
    const from = this.sent.find((one) => one.text === text)?.from;
    return this.pages.some((one) => one.number === from);
  }

  #fail(fault: 'ack lost' | 'lost' | 'busy'): void {
    this.server.answers.set('sendMessage', (value: { chatId: number; clientMessageId: string; text: string }, connection) => {
      this.server.answers.delete('sendMessage');
      if (fault === 'busy') return refusal(400, true, 300);
      const chat = this.server.chats.get(value.chatId);
      const isKnown = chat?.events.some((event) => event.clientMessageId === value.clientMessageId);
      if (fault === 'ack lost' && !isKnown) chat?.append(value.text, me, { clientMessageId: value.clientMessageId });
      connection.close(1006);
      return null;
    });
  }
}

test.each([1, 2])(
  'with %d pages, whatever is killed when: nothing that was written is lost, nothing is doubled, the order stays',
  async (pages) => {
    await fc.assert(
      fc.asyncProperty(steps(pages), async (taken) => {
        const run = new Run(pages);
        for (const step of taken) await run.take(step);
        await run.finish();
      }),
      { seed, numRuns: 150 },
    );
  },
  60_000,
);
