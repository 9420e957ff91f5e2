import type { PeopleChange } from '../api.js';
import type { WirePrincipal } from '../frames/elements.js';
import type { Clock } from '../ports.js';

export interface NamesPorts {
  readonly clock: Clock;
  fetch(principalIds: readonly number[]): Promise<readonly WirePrincipal[]>;
  named(principalIds: readonly number[]): void;
  readonly failed: (thrown: unknown) => void;
}

/** What changed, by the kind of the inbox's event, from `contact_changed` on. */
export const peopleChanges: readonly PeopleChange['kind'][] = ['contact', 'block', 'profile'];

const collectMs = 20;
const namesAtOnce = 200;

/** Names of other principals, as far as they were needed. */
export class Names {
  readonly #ports: NamesPorts;
  readonly #names = new Map<number, string>();
  readonly #asked = new Set<number>();
  #wanted: number[] = [];

  constructor(ports: NamesPorts) {
    this.#ports = ports;
  }

  /** Known, or asked for together with what else is wanted at the same time. Each unknown one is asked for once a session. */
  name(principalId: number): string | undefined {
    const name = this.#names.get(principalId);
    if (name === undefined && !this.#asked.has(principalId)) {
      this.#asked.add(principalId);
      this.#wanted.push(principalId);
      if (this.#wanted.length === 1) this.#ports.clock.after(collectMs, () => this.#fetch());
    }
    return name;
  }

  learn(principalId: number, name: string): void {
    if (this.#names.get(principalId) === name) return;
    this.#names.set(principalId, name);
    this.#ports.named([principalId]);
  }

  /** A new session may know names that the last one did not. */
  welcomed(): void {
    this.#asked.clear();
  }

  #fetch(): void {
    const wanted = this.#wanted;
    this.#wanted = [];
    for (let at = 0; at < wanted.length; at += namesAtOnce) {
      this.#ports.fetch(wanted.slice(at, at + namesAtOnce)).then((principals) => this.#take(principals), this.#ports.failed);
    }
  }

  #take(principals: readonly WirePrincipal[]): void {
    for (const { principalId, name } of principals) this.#names.set(principalId, name);
    if (principals.length > 0) this.#ports.named(principals.map((principal) => principal.principalId));
  }
}
