import type { ClientEvents, PeopleChange } from '../api.js';
import type { Emitter } from '../emitter.js';
import type { WirePrincipal } from '../frames/elements.js';
import type { WholeOptions } from '../ports.js';
import type { Queries } from '../queries.js';

/** What names need of their client. */
export interface NamesPorts extends Pick<Emitter<ClientEvents>, 'emit'> {
  readonly options: Pick<WholeOptions, 'clock'>;
  readonly queries: Pick<Queries, 'principals'>;
  readonly failed: (thrown: unknown) => void;
}

/** What changed, by the kind of the inbox's event, from `contact_changed` on. */
export const peopleChanges: readonly PeopleChange['kind'][] = ['contact', 'block', 'profile'];

const collectMs = 20;
const namesAtOnce = 200;

/** Names of other principals, as far as they were needed. */
export class Names {
  readonly #client: NamesPorts;
  readonly #names = new Map<number, string>();
  readonly #asked = new Set<number>();
  #wanted: number[] = [];

  constructor(client: NamesPorts) {
    this.#client = client;
  }

  /** Known, or asked for together with what else is wanted at the same time. Each unknown one is asked for once a session. */
  name(principalId: number): string | undefined {
    const name = this.#names.get(principalId);
    if (name === undefined && !this.#asked.has(principalId)) {
      this.#asked.add(principalId);
      this.#wanted.push(principalId);
      if (this.#wanted.length === 1) this.#client.options.clock.after(collectMs, () => this.#fetch());
    }
    return name;
  }

  learn(people: readonly Pick<WirePrincipal, 'principalId' | 'name'>[]): void {
    const fresh = people.filter(({ principalId, name }) => this.#names.get(principalId) !== name);
    for (const { principalId, name } of fresh) this.#names.set(principalId, name);
    const ids = fresh.map(({ principalId }) => principalId);
    if (ids.length > 0) this.#client.emit('principals', ids);
  }

  /** A new session may know names that the last one did not. */
  welcomed(): void {
    this.#asked.clear();
  }

  #fetch(): void {
    const wanted = this.#wanted;
    this.#wanted = [];
    for (let at = 0; at < wanted.length; at += namesAtOnce) {
      this.#client.queries.principals(wanted.slice(at, at + namesAtOnce)).then((found) => this.learn(found), this.#client.failed);
    }
  }
}
