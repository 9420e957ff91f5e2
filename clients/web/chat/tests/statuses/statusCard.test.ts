// @vitest-environment happy-dom
import { ChatError, errorCodes, type FileLink, type Status } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { type App, createApp, h, nextTick, ref } from 'vue';
import { i18n } from '../../src/i18n';
import StatusCard from '../../src/statuses/StatusCard.vue';

const link = vi.fn(
  async (blobId: string) =>
    ({ url: `https://chat.example/${blobId}`, expiresAt: new Date(Date.now() + 9e6), file: {} }) as never as FileLink,
);
const files = { link };
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => ({ files }) }));
const shown: App[] = [];
afterEach(() => {
  for (const app of shown.splice(0)) app.unmount();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

async function setup(kind: 'image' | 'video', blobId: string) {
  const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
  const pause = vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue();
  const status = { id: 20, kind, text: null, media: { blobId, contentType: `${kind}/x`, bytes: 1 } } as never as Status;
  const plays = ref(true);
  const told: [string, unknown][] = [];
  const tap = vi.fn();
  const note = (name: string) => (value?: unknown) => void told.push([name, value]);
  const host = document.body.appendChild(document.createElement('div'));
  const card = () =>
    h(StatusCard, { status, plays: plays.value, silent: false, onWaits: note('waits'), onReady: note('ready'), onEnded: note('ended') });
  const app = createApp({ setup: () => () => h('div', { onClick: tap }, [card()]) });
  app.use(i18n).mount(host);
  shown.push(app);
  await settle();
  return { host, play, pause, plays, told, tap };
}

it('a film that stalls says so and is left playing; it is paused by nothing but the viewer', async () => {
  const { host, play, pause, plays, told } = await setup('video', 'film');
  const film = host.querySelector('video');
  expect(play).toHaveBeenCalledOnce();
  told.length = 0;
  film?.dispatchEvent(new Event('waiting'));
  await nextTick();
  film?.dispatchEvent(new Event('playing'));
  expect([told, pause.mock.calls.length]).toEqual([
    [
      ['waits', true],
      ['waits', false],
    ],
    0,
  ]);
  plays.value = false;
  await nextTick();
  expect(pause).toHaveBeenCalledOnce();
});

it('what could not be loaded waits; to load it again is no tap on the stage', async () => {
  link.mockRejectedValueOnce(new Error('away'));
  const { host, told, tap } = await setup('image', 'lost');
  expect(told).toEqual([['waits', true]]);
  host.querySelector('button')?.click();
  await settle();
  expect([tap.mock.calls.length, told.at(-1), host.querySelector('img')?.getAttribute('src')]).toEqual([
    0,
    ['waits', false],
    'https://chat.example/lost',
  ]);
  host.querySelector('img')?.dispatchEvent(new Event('load'));
  expect(told.at(-1)).toEqual(['ready', 0]);
});

it('what is gone for good says so for as long as a picture stands', async () => {
  link.mockRejectedValueOnce(new ChatError(errorCodes.blob_not_found, 'gone'));
  const { host, told } = await setup('image', 'gone');
  expect([told, host.textContent]).toEqual([
    [
      ['waits', false],
      ['ready', undefined],
    ],
    expect.stringContaining('no longer there'),
  ]);
});
