import type { ChatClient } from '../api.js';
import { bool, int } from '../codec/fields.js';
import { hearPush } from '../connection/hear-push.js';
import { type FrameValue, frame } from '../frames/frame.js';
import { replies } from '../frames/replies.js';
import type { Clock } from '../ports.js';

/** Who types, and telling that one does: apart from the core. */
export interface Typing {
  /** Who types in a chat now, as far as was heard. */
  typists(chatId: number): readonly number[];
  /** One types oneself: call it at every keystroke. What is sent ends it. */
  start(chatId: number): void;
  stop(chatId: number): void;
  close(): void;
}

/** protocol-spec.md §6.13 and §6.27. */
export const typingRequests = { setTyping: frame(13, { chatId: int, active: bool }) };
export const typingPushes = { typing: frame(82, { chatId: int, principalId: int, active: bool }) };

export type TypingClient = Pick<ChatClient, 'me' | 'on' | 'wire'>;

const nobody: readonly number[] = [];

/** Takes the client, and who is told that somebody began or ended to type in a chat. */
export function createTyping(client: TypingClient, changed: (chatId: number) => void = () => {}): Typing {
  const { clock } = client.wire;
  const heard = new Map<number, Typists>();
  const signals = new Map<number, TypingSignal>();

  function hear({ chatId, principalId, active }: FrameValue<typeof typingPushes.typing>): void {
    if (principalId === client.me?.principalId) return;
    const typists = heard.get(chatId) ?? new Typists(clock, () => changed(chatId));
    heard.set(chatId, typists);
    typists.set(principalId, active);
  }

  /** May be lost: the next one heals it (protocol-spec.md §8.6). */
  function tell(chatId: number, active: boolean): void {
    client.wire.tell(typingRequests.setTyping, { chatId, active }, replies.ok)?.catch(() => {});
  }

  function signalOf(chatId: number): TypingSignal {
    const signal = signals.get(chatId) ?? new TypingSignal(clock, (active) => tell(chatId, active));
    signals.set(chatId, signal);
    return signal;
  }

  function rest(): void {
    for (const signal of signals.values()) signal.sent();
    for (const typists of heard.values()) typists.clear();
  }

  const ends = [
    hearPush(client, 'typing', typingPushes.typing, hear),
    client.on('message', ({ chatId, senderId, target }) => {
      if (target === undefined) heard.get(chatId)?.set(senderId, false); // what is done to a message is not typed
    }),
    client.on('sending', ({ chatId }) => signals.get(chatId)?.sent()),
    client.on('state', ({ to }) => {
      if (to.kind === 'closed') rest();
    }),
  ];
  return {
    typists: (chatId) => heard.get(chatId)?.list ?? nobody,
    start: (chatId) => signalOf(chatId).start(),
    stop: (chatId) => signals.get(chatId)?.stop(),
    close() {
      for (const end of ends) end();
      rest();
    },
  };
}

/** Receivers forget a typist after this (protocol-spec.md §6.13). */
const forgetMs = 6_000;
const repeatMs = 3_000;

/** Who types in a chat now, as far as was heard. */
class Typists {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #expiries = new Map<number, () => void>();
  list: readonly number[] = [];

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  set(principalId: number, active: boolean): void {
    const was = this.#expiries.get(principalId);
    was?.();
    if (active)
      this.#expiries.set(
        principalId,
        this.#clock.after(forgetMs, () => this.set(principalId, false)),
      );
    else this.#expiries.delete(principalId);
    if (active === (was !== undefined)) return;
    this.list = [...this.#expiries.keys()];
    this.#changed();
  }

  clear(): void {
    for (const principalId of this.list) this.set(principalId, false);
  }
}

/** Tells the server that one types: at once, every 3 s while keystrokes come, and when they end. */
class TypingSignal {
  readonly #clock: Clock;
  readonly #tell: (active: boolean) => void;
  #active = false;
  #lastKeyMs = 0;
  #cancel: () => void = () => {};

  constructor(clock: Clock, tell: (active: boolean) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  start(): void {
    this.#lastKeyMs = this.#clock.now();
    if (this.#active) return;
    this.#active = true;
    this.#repeat();
  }

  stop(): void {
    if (this.#end()) this.#tell(false);
  }

  /** The message was sent: receivers end it by themselves. */
  sent(): void {
    this.#end();
  }

  #repeat(): void {
    this.#tell(true);
    this.#cancel = this.#clock.after(repeatMs, () => {
      if (this.#clock.now() - this.#lastKeyMs < repeatMs) this.#repeat();
      else this.stop();
    });
  }

  #end(): boolean {
    const was = this.#active;
    this.#active = false;
    this.#cancel();
    return was;
  }
}
