import { effectScope, type ShallowRef, shallowRef, watch } from 'vue';
import type { Connection } from '../../connection/useConnection';

type Client = Pick<Connection['client'], 'on'>;

const shown = new WeakMap<Client, ShallowRef<readonly string[]>>();

/**
 * Recovery codes that nobody has kept yet; none is set when they are. The service does not tell them again, so they outlast the view that shows
 * them, and whoever closes the page is asked. They end with the connection: nothing of it is the next account's.
 */
export function shownCodes(client: Client): ShallowRef<readonly string[]> {
  const known = shown.get(client);
  if (known) return known;
  const codes = shallowRef<readonly string[]>([]);
  shown.set(client, codes);
  const scope = effectScope(true);
  scope.run(() => {
    watch(codes, ({ length }) => (length > 0 ? addEventListener : removeEventListener)('beforeunload', ask), { flush: 'sync' });
  });
  client.on('state', ({ to }) => {
    if (to.kind !== 'closed') return;
    codes.value = [];
    scope.stop();
  });
  return codes;
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
