import type { Contact, PeopleChange } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { useContact } from '../../src/conversation/useContact';

let heard: ((change: PeopleChange) => void) | undefined;
const toast = vi.fn();
vi.mock('../../src/connection/useConnection', () => ({
  useConnection: () => ({
    client: {
      on: (_: string, handler: typeof heard) => {
        heard = handler;
        return () => {
          heard = undefined;
        };
      },
    },
  }),
}));
vi.mock('../../src/connection/useErrors', () => ({ useErrors: () => ({ toast }) }));

const scopes: ReturnType<typeof effectScope>[] = [];
beforeEach(() => toast.mockClear());
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function setup(found: Contact | null) {
  const kept = { principalId: 2 } as Contact;
  const people = {
    findContact: vi.fn(async () => found),
    putContact: vi.fn(async () => kept),
    removeContact: vi.fn(async () => undefined),
  };
  const scope = effectScope();
  scopes.push(scope);
  const contact = scope.run(() => useContact(2, people));
  if (!contact) throw new Error('no scope');
  return { ...contact, people };
}

it('keeps a person, and keeps them no more', async () => {
  const { contact, known, keep, people } = setup(null);
  expect(known.value).toBe(false);
  await settle();
  expect([known.value, contact.value]).toEqual([true, null]);
  await keep(true);
  expect(contact.value).toEqual({ principalId: 2 });
  await keep(false);
  expect([contact.value, people.removeContact.mock.calls]).toEqual([null, [[2]]]);
});

it('what is refused is told, and shows what is so', async () => {
  const { contact, keep, people } = setup(null);
  await settle();
  const fault = new Error('blocked');
  people.putContact.mockRejectedValueOnce(fault);
  await keep(true);
  expect([contact.value, toast.mock.calls]).toEqual([null, [[fault]]]);
});

it('follows what another device does, and nobody else', async () => {
  const { people } = setup(null);
  await settle();
  heard?.({ kind: 'contact', principalId: 2 });
  heard?.({ kind: 'contact', principalId: 3 });
  heard?.({ kind: 'block', principalId: 2 });
  expect(people.findContact).toHaveBeenCalledTimes(2);
});
