// @vitest-environment happy-dom
import type { MessageReceipts } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type App, createApp, nextTick, ref } from 'vue';
import { i18n } from '../../src/i18n';
import MessageInfoPanel from '../../src/message/MessageInfoPanel.vue';
import { item } from './item';

const info = vi.fn<(chatId: number, sequence: number, options?: { cursor?: string }) => Promise<MessageReceipts>>();
const toast = vi.fn();
vi.mock('../../src/connection/useConnection', () => ({
  useConnection: () => ({
    meId: 1,
    client: { on: () => () => undefined },
    receipts: { info },
    nameOf: (id: number) => ({ 2: 'Ben', 3: 'Chloe', 4: 'Dora' })[id],
  }),
}));
vi.mock('../../src/ui/useNarrow', () => ({ useNarrow: () => ref(false) }));
vi.mock('../../src/connection/useErrors', () => ({ useErrors: () => ({ toast }) }));

const noon = new Date(2026, 10, 20, 12, 0).getTime();
const at = (minutes: number) => new Date(noon + minutes * 60_000).toISOString();
const page = (rest: Partial<MessageReceipts>): MessageReceipts => ({
  members: [],
  deliveredCount: 3,
  readCount: 2,
  memberCount: 5,
  nextCursor: null,
  ...rest,
});
const first = page({
  members: [
    { principalId: 2, delivered: true, read: true, deliveredAt: at(1), readAt: at(2) },
    { principalId: 3, delivered: true, read: false, deliveredAt: at(3), readAt: null },
  ],
  nextCursor: '3',
});
const second = page({ members: [{ principalId: 4, delivered: true, read: true, deliveredAt: null, readAt: null }] });

let app: App | undefined;
beforeEach(() => {
  vi.useFakeTimers({ now: noon + 60 * 60_000, toFake: ['Date'] });
});
afterEach(() => {
  app?.unmount();
  vi.useRealTimers();
  info.mockReset();
  toast.mockReset();
  document.body.replaceChildren();
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTick();
}

async function mount(): Promise<HTMLElement> {
  const host = document.body.appendChild(document.createElement('div'));
  app = createApp(MessageInfoPanel, { item: item(7, 0, { own: true, senderId: 1, text: '<b>hi</b>' }), sequence: 7 }).use(i18n);
  app.mount(host);
  await settle();
  return host;
}

const lists = (host: HTMLElement) =>
  [...host.querySelectorAll('section')].map((list) =>
    [list.querySelector('h3'), ...list.querySelectorAll('li')].map((line) => line?.textContent?.trim()),
  );

it('shows who has read it and who has got it, with the time where there is one, page after page', async () => {
  info.mockResolvedValueOnce(first).mockResolvedValueOnce(second);
  const host = await mount();

  expect(host.querySelector('p')?.textContent?.trim()).toBe('<b>hi</b>');
  expect(lists(host)[0]?.[0]).toBe('Read by 2');
  expect(lists(host)[0]?.[1]).toMatch(/Ben.*12:02/u);
  expect(lists(host)[1]?.[1]).toMatch(/Chloe.*by 12:03/u);
  expect(host.textContent).toContain('Not yet delivered to 2 people.');

  host.querySelector<HTMLButtonElement>('aside > button')?.click();
  await settle();
  expect(info.mock.calls).toEqual([
    [7, 7, {}],
    [7, 7, { cursor: '3' }],
  ]);
  const readers = lists(host)[0]?.slice(1) ?? [];
  expect(readers[0]).toMatch(/Ben.*12:02/u);
  expect(readers.slice(1).map((line) => line?.slice(-4))).toEqual(['Dora']); // without a time: it is not known
  expect(host.querySelector('aside > button')).toBeNull();
});

it('says that it could not be loaded, and tries again when asked to', async () => {
  const fault = new Error('away');
  info.mockRejectedValueOnce(fault).mockResolvedValueOnce(second);
  const host = await mount();
  expect(toast).toHaveBeenCalledWith(fault);
  expect(host.textContent).toContain('That could not be loaded.');

  host.querySelector<HTMLButtonElement>('aside > button')?.click();
  await settle();
  expect(lists(host)[0]).toEqual(['Read by 2', expect.stringContaining('Dora')]);
});
