// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { createApp, nextTick } from 'vue';
import EditComposer from '../../src/composer/EditComposer.vue';
import { i18n } from '../../src/i18n';
import { item } from '../message/item';

const edit = vi.fn(async () => true);
vi.mock('../../src/message/actions/useMessageActions', () => ({ useMessageActions: () => ({ edit }) }));
afterEach(() => document.body.replaceChildren());

it('an emptied caption is not offered to be saved: no edit is empty', async () => {
  const host = document.body.appendChild(document.createElement('div'));
  const media = { blobId: 'b', contentType: 'image/png', bytes: 9 };
  createApp(EditComposer, { item: item(3, 0, { text: 'A view', content: { kind: 'image', media } }) })
    .use(i18n)
    .mount(host);
  const box = host.querySelector('textarea') as HTMLTextAreaElement;
  const save = host.querySelector<HTMLButtonElement>('[type=submit]');
  const write = async (text: string) => {
    box.value = text;
    box.dispatchEvent(new Event('input'));
    await nextTick();
  };
  await write(' ');
  expect(save?.disabled).toBe(true);
  box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
  expect(edit).not.toHaveBeenCalled();
  await write('A far view');
  expect(save?.disabled).toBe(false);
});
