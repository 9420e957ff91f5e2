import type { PeopleChange } from '@chat/sdk';
import { afterEach } from 'vitest';
import { effectScope } from 'vue';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});

export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Makes something in a scope that the test ends. */
export function scoped<T>(make: () => T): T {
  const scope = effectScope();
  scopes.push(scope);
  return scope.run(make) as T;
}

/** A client that only tells what the test lets it. */
export function quietClient() {
  const handlers = new Map<string, Set<(payload: never) => void>>();
  const tell = (event: string, payload: unknown) => {
    for (const handler of handlers.get(event) ?? []) handler(payload as never);
  };
  return {
    client: {
      on(event: string, handler: (payload: never) => void) {
        const all = handlers.get(event) ?? new Set();
        handlers.set(event, all.add(handler));
        return () => void all.delete(handler);
      },
    } as never,
    changed: (kind: PeopleChange['kind'], principalId: number | null = null) => tell('people', { kind, principalId }),
    online: () => tell('state', { to: { kind: 'online' } }),
    closed: () => tell('state', { to: { kind: 'closed' } }),
  };
}
