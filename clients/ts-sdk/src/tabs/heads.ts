import type { WirePosition, WireResumed } from '../frames/elements.js';

interface Head {
  readonly epoch: number;
  readonly sequence: number;
}

/** How far the chats go, as a session was told since its welcome: what a welcome says to those who join it (protocol-spec.md §8.3). */
export class Heads {
  readonly #heads = new Map<number, Head>();

  /** The server's own answer to a hello. */
  welcomed(positions: readonly WirePosition[], resumed: readonly WireResumed[]): void {
    for (const { chatId, epoch, sequence } of positions) this.#heads.set(chatId, { epoch, sequence });
    for (const { chatId, epoch, headSequence } of resumed) this.#heads.set(chatId, { epoch, sequence: headSequence });
  }

  /** A chat as the server describes it; what was pushed since it was described counts. */
  described(chatId: number, epoch: number, sequence: number): void {
    const held = this.#heads.get(chatId);
    if (held?.epoch !== epoch || held.sequence < sequence) this.#heads.set(chatId, { epoch, sequence });
  }

  /** A push, which does not carry the epoch. */
  pushed(chatId: number, sequence: number): void {
    const held = this.#heads.get(chatId);
    if (held !== undefined && held.sequence < sequence) this.#heads.set(chatId, { epoch: held.epoch, sequence });
  }

  /**
   * What there is to say to a client with these positions. Where it is not known how far a chat goes, it is said that there is one event
   * more: the client asks for it, and goes by what it gets.
   */
  resumed(positions: readonly WirePosition[]): WireResumed[] {
    return positions.flatMap(({ chatId, epoch, sequence }): WireResumed[] => {
      const head = this.#heads.get(chatId);
      if (head === undefined || (head.epoch === epoch && head.sequence < sequence))
        return [{ chatId, epoch, headSequence: sequence + 1, recovered: true }];
      if (head.epoch === epoch && head.sequence === sequence) return [];
      return [{ chatId, epoch: head.epoch, headSequence: head.sequence, recovered: head.epoch === epoch }];
    });
  }
}
