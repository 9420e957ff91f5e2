import type { Clock } from '../ports.js';

/** Receivers forget a typist after this (protocol-spec.md §6.13). */
const forgetMs = 6_000;
const repeatMs = 3_000;

/** Who types in a chat now, as far as was heard. */
export class Typists {
  readonly #clock: Clock;
  readonly #changed: (principalId: number, active: boolean) => void;
  readonly #expiries = new Map<number, () => void>();
  list: readonly number[] = [];

  constructor(clock: Clock, changed: (principalId: number, active: boolean) => void) {
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
    this.#changed(principalId, active);
  }

  clear(): void {
    for (const principalId of this.list) this.set(principalId, false);
  }
}

/** Tells the server that one types: at once, every 3 s while keystrokes come, and when they end. */
export class TypingSignal {
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
