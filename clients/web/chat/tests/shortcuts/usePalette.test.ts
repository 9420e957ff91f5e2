// @vitest-environment happy-dom
import type { Contact } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { createApp, nextTick, ref } from 'vue';
import { i18n } from '../../src/i18n';
import { usePalette } from '../../src/shortcuts/usePalette';

const contact = (principalId: number, name: string, ownName: string | null) => ({ principalId, name, ownName }) as Contact;
const contacts = vi.fn(async () => [contact(2, 'Benjamin Koch', 'Uncle'), contact(3, 'Clara', null)]);
const openDirect = vi.fn(async () => ({ id: 9 }));
vi.mock('@chat/sdk', async (original) => ({ ...(await original<typeof import('@chat/sdk')>()), createPeople: () => ({ contacts }) }));
vi.mock('vue-router', () => ({ useRouter: () => ({ push: vi.fn() }) }));
vi.mock('../../src/shortcuts/useCommands', () => ({ useCommands: () => [] }));
vi.mock('../../src/connection/useErrors', () => ({ useErrors: () => ({ toast: vi.fn() }) }));
vi.mock('../../src/connection/useConnection', () => ({
  useConnection: () => ({ client: { openDirect }, chats: ref([]), server: {} }),
}));

it('people are found by one’s own name for them and by theirs, and shown by one’s own', async () => {
  const query = ref('');
  let groups: ReturnType<typeof usePalette>['groups'] | undefined;
  const app = createApp({
    setup() {
      ({ groups } = usePalette(query));
      return () => null;
    },
  });
  app.use(i18n).mount(document.createElement('div'));
  await nextTick();
  const found = (words: string) => {
    query.value = words;
    return groups?.value.flatMap(({ entries }) => entries.map(({ name }) => name));
  };
  expect(['', 'uncle', 'benj', 'koch', 'clara'].map(found)).toEqual([['Uncle', 'Clara'], ['Uncle'], ['Uncle'], ['Uncle'], ['Clara']]);
  app.unmount();
});
