import { FakeServer } from './fake-server.js';
import { ManualClock } from './manual-clock.js';
import { Browser, Page } from './pages.js';

/** Pages of one browser, and the server that they talk to. */
export class Scene {
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

/** What a page shows of a chat: text, state and sequence of each message. */
export const shown = (page: Page, chatId: number): unknown[] =>
  page.client.chat(chatId).messages.items.map((item) => [item.text, item.state, item.sequence]);
