/** What a receiver makes of a signal by its number (protocol-spec.md §8.12). */
export type SignalVerdict = 'next' | 'known' | 'hole';

/** Numbers signals to each participant, and judges those that come by the place they come from. */
export class SignalOrder {
  readonly #sent = new Map<number, number>();
  readonly #taken = new Map<string, number>();

  next(to: number): number {
    const sequence = (this.#sent.get(to) ?? 0) + 1;
    this.#sent.set(to, sequence);
    return sequence;
  }

  /** `hole`: it is to be taken, and some before it will not come. */
  judge(from: number, endpointId: string, sequence: number): SignalVerdict {
    const key = `${from}/${endpointId}`;
    const last = this.#taken.get(key) ?? 0;
    if (sequence <= last) return 'known';
    this.#taken.set(key, sequence);
    return sequence === last + 1 ? 'next' : 'hole';
  }

  /** Whoever comes back is another place, which knows of no numbers. */
  forget(participant: number): void {
    this.#sent.delete(participant);
  }
}
