// @vitest-environment happy-dom
import type { Contact } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { createApp } from 'vue';
import { i18n, withWords } from '../../src/i18n';
import ContactsSection from '../../src/settings/contacts/ContactsSection.vue';

const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
const ben = { principalId: 2, name: 'Ben', ownName: null, favourite: false, blocked: false } as Contact;
const putContact = vi.fn(async (_id: number, { name }: { name?: string }): Promise<Contact> => ({ ...ben, ownName: name ?? null }));
const toast = vi.fn();
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => ({ client: { on: () => () => undefined }, server: {} }) }));
vi.mock('../../src/connection/useErrors', () => ({ useErrors: () => ({ toast, textOf: () => '' }) }));
vi.mock('vue-router', () => ({ useRouter: () => ({ push: vi.fn() }) }));
vi.mock('../../src/chat-list/PersonFinder.vue', () => ({ default: { render: () => null } }));
vi.mock('../../src/settings/contacts/ContactRow.vue', () => ({
  default: {
    emits: ['rename'],
    template: '',
    render: () => null,
    mounted(this: { $emit: (name: string) => void }) {
      this.$emit('rename');
    },
  },
}));
vi.mock('@chat/sdk', async (original) => ({
  ...(await original<typeof import('@chat/sdk')>()),
  createPeople: () => ({ contacts: async () => [ben], putContact }),
}));

afterEach(() => document.body.replaceChildren());

it('a name that could not be saved is still there, to be saved again', async () => {
  const app = createApp(await withWords(['contacts', 'settings'], async () => ContactsSection));
  app.use(i18n).mount(document.body.appendChild(document.createElement('div')));
  await settle();
  const field = document.querySelector('[role=dialog] input') as HTMLInputElement;
  field.value = 'Benny';
  field.dispatchEvent(new Event('input'));
  putContact.mockRejectedValueOnce(new Error('away'));
  const save = async () => {
    document.querySelector('[role=dialog] form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await settle();
  };
  await save();
  expect([toast.mock.calls.length, document.querySelector<HTMLInputElement>('[role=dialog] input')?.value]).toEqual([1, 'Benny']);
  await save();
  expect([putContact.mock.lastCall?.[1].name, document.querySelector('[role=dialog]')]).toEqual(['Benny', null]);
  app.unmount();
});
