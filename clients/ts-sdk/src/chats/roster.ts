import type { Receipt } from '../api.js';
import { eventKinds } from '../codes.js';
import type { WireEvent, WireMember } from '../frames/elements.js';
import type { OthersWatermarks } from './item.js';

/** Watermarks of the other members of a group, from which the lowest is found once all are known. */
export class Roster {
  readonly #me: number;
  readonly #others = new Map<number, Receipt>();
  isComplete = false;

  constructor(me: number) {
    this.#me = me;
  }

  load(members: readonly WireMember[]): void {
    const known = new Map(this.#others);
    this.#others.clear();
    for (const member of members) {
      if (member.principalId !== this.#me) this.#others.set(member.principalId, higher(member, known.get(member.principalId)));
    }
    this.isComplete = true;
  }

  take(receipt: Receipt): void {
    const held = this.#others.get(receipt.principalId);
    if (held !== undefined || !this.isComplete) this.#others.set(receipt.principalId, higher(receipt, held));
  }

  applyEvent(event: WireEvent): void {
    const { subjectId, senderId, sequence } = event;
    // One's own message counts as read by oneself (protocol-spec.md §8.5).
    if (event.kind === eventKinds.message && senderId !== this.#me) {
      this.take(receiptAt(senderId, sequence));
    }
    if (subjectId === null || subjectId === this.#me) return;
    if (event.kind === eventKinds.member_added) {
      this.#others.set(subjectId, receiptAt(subjectId, sequence));
    } else if (event.kind === eventKinds.member_removed || event.kind === eventKinds.member_left) this.#others.delete(subjectId);
  }

  /** Null while not everybody is known, or there is nobody else. */
  lowest(): OthersWatermarks | null {
    if (!this.isComplete || this.#others.size === 0) return null;
    const all = [...this.#others.values()];
    return {
      deliveredUpTo: Math.min(...all.map((receipt) => receipt.deliveredUpTo)),
      readUpTo: Math.min(...all.map((receipt) => receipt.readUpTo)),
    };
  }
}

function receiptAt(principalId: number, sequence: number): Receipt {
  return { principalId, deliveredUpTo: sequence, readUpTo: sequence };
}

function higher(fresh: Receipt, held: Receipt | undefined): Receipt {
  return {
    principalId: fresh.principalId,
    deliveredUpTo: Math.max(fresh.deliveredUpTo, held?.deliveredUpTo ?? 0),
    readUpTo: Math.max(fresh.readUpTo, held?.readUpTo ?? 0),
  };
}
