// @vitest-environment happy-dom
import { ChatError, type MessageContent } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { createApp, h, ref } from 'vue';
import { i18n } from '../../src/i18n';
import MessageMedia from '../../src/media/MessageMedia.vue';
import { provideMediaRoom } from '../../src/media/mediaRoom';
import { item } from '../message/item';

const link = vi.fn(async (blobId: string) => ({
  url: `https://chat.example/media/${blobId}`,
  expiresAt: new Date(Date.now() + 9e6),
  file: {},
}));
const files = { link };
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => ({ files }) }));
afterEach(() => document.body.replaceChildren());

async function shown(content: MessageContent, text = '') {
  const host = document.body.appendChild(document.createElement('div'));
  let room: ReturnType<typeof provideMediaRoom> | undefined;
  const setup = () => {
    room = provideMediaRoom(ref([]));
    return () => h(MessageMedia, { item: item(9, 0, { content, text }) });
  };
  createApp({ setup }).use(i18n).mount(host);
  await new Promise((resolve) => setImmediate(resolve));
  return { host, room };
}
const media = (blobId: string, rest = {}) => ({ blobId, contentType: 'image/png', bytes: 2_000_000, ...rest });

it('a picture has its place before it is there, and opens', async () => {
  const { host, room } = await shown({ kind: 'image', media: media('p1', { width: 800, height: 400 }) }, 'A view');
  const tile = host.querySelector<HTMLElement>('[data-media]');
  expect([tile?.style.width, tile?.style.aspectRatio]).toEqual(['320px', '320 / 160']);
  expect(host.querySelector('img')?.getAttribute('src')).toBe('https://chat.example/media/p1');
  const button = host.querySelector('button');
  expect(button?.getAttribute('aria-label')).toBe('Open picture: A view');
  button?.click();
  expect(room?.shown.value).toBe(9);
});

it('a file that has expired says so, in the same place', async () => {
  link.mockRejectedValueOnce(new ChatError(220, 'gone'));
  const { host } = await shown({ kind: 'image', media: media('p2', { width: 800, height: 400 }) });
  expect(host.textContent).toContain('no longer there');
  expect(host.querySelector<HTMLElement>('[data-media]')?.style.width).toBe('320px');
});

it('a document tells its name, size and kind', async () => {
  const { host } = await shown({ kind: 'document', media: media('d1', { fileName: 'Plan <b>.pdf' }) });
  expect(host.querySelector('[data-document]')?.textContent).toContain('Plan <b>.pdf');
  expect(host.textContent).toContain('2 MB');
  expect(host.textContent).toContain('PDF');
  expect(host.querySelector('b')).toBeNull();
});

it('a place leads to a map elsewhere, and a contact to its numbers; neither loads anything', async () => {
  link.mockClear();
  const place = await shown({ kind: 'location', location: { latitude: 52.52, longitude: 13.4, name: 'Gate' } });
  expect(place.host.querySelector('a')?.getAttribute('href')).toBe('https://www.openstreetmap.org/?mlat=52.52&mlon=13.4#map=16/52.52/13.4');
  expect(place.host.querySelector('a')?.getAttribute('rel')).toContain('noreferrer');
  const person = await shown({ kind: 'contact', contact: 'FN:Eva\nTEL:+1 (555) 01;ext=1\nEMAIL:e?cc=x@example.org' });
  expect([...person.host.querySelectorAll('a')].map((a) => a.getAttribute('href'))).toEqual([
    'tel:+1555011',
    'mailto:e%3Fcc%3Dx@example.org',
  ]);
  expect(link).not.toHaveBeenCalled();
});
