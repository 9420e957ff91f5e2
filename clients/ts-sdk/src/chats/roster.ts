import type { Receipt } from '../api.js';
import { eventKinds } from '../codes.js';
import type { WireEvent, WireMember } from '../frames/elements.js';
import type { OthersWatermarks } from './item.js';
import type { Rising } from './summary.js';

/** Watermarks of the other members of a group, from which the lowest is found once all are known. */
export class Roster {
  readonly #me: number;
  /** Of whoever was heard of. */
  readonly #reached = new Map<number, OthersWatermarks>();
  /** Null while not everybody is known. */
  #others: Set<number> | null = null;

  constructor(me: number) {
    this.#me = me;
  }

  get isComplete(): boolean {
    return this.#others !== null;
  }

  load(members: readonly WireMember[]): void {
    this.#others = new Set(members.map((member) => member.principalId));
    this.#others.delete(this.#me);
    for (const member of members) this.take(member);
  }

  take({ principalId, deliveredUpTo, readUpTo }: Receipt): void {
    const held = this.#reached.get(principalId);
    this.#reached.set(principalId, {
      deliveredUpTo: Math.max(deliveredUpTo, held?.deliveredUpTo ?? 0),
      readUpTo: Math.max(readUpTo, held?.readUpTo ?? 0),
    });
  }

  applyEvent({ kind, senderId, subjectId, sequence }: WireEvent): void {
    const reached = { deliveredUpTo: sequence, readUpTo: sequence };
    // One's own message counts as read by oneself (protocol-spec.md §8.5).
    if (kind === eventKinds.message) this.take({ principalId: senderId, ...reached });
    if (subjectId === null || subjectId === this.#me) return;
    if (kind === eventKinds.member_added) {
      this.take({ principalId: subjectId, ...reached });
      this.#others?.add(subjectId);
    } else if (kind === eventKinds.member_removed || kind === eventKinds.member_left) this.#others?.delete(subjectId);
  }

  /** Nothing while not everybody is known, or there is nobody else. */
  lowest(): Rising {
    const others = [...(this.#others ?? [])].flatMap((principalId) => this.#reached.get(principalId) ?? []);
    if (others.length === 0) return {};
    return {
      othersDeliveredUpTo: Math.min(...others.map((one) => one.deliveredUpTo)),
      othersReadUpTo: Math.min(...others.map((one) => one.readUpTo)),
    };
  }
}
