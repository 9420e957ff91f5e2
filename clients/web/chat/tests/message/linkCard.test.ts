// @vitest-environment happy-dom
import type { LinkPreview } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { createApp } from 'vue';
import LinkCard from '../../src/message/LinkCard.vue';

const link = vi.fn(async (blobId: string) => ({ url: `https://chat.example/media/${blobId}`, expiresAt: new Date(Date.now() + 9e6) }));
let files = { link };
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => ({ files }) }));

afterEach(() => {
  link.mockClear();
  files = { link }; // and with it the links that are remembered
  document.body.replaceChildren();
});

const page: LinkPreview = {
  url: 'https://example.org/a',
  title: '<img src=x onerror=alert(1)>',
  description: '<script>alert(1)</script>',
  siteName: 'Example',
  image: { blobId: 'b1', contentType: 'image/png', bytes: 9, width: 3, height: 2 },
  token: 't',
};

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

async function shown(preview: LinkPreview, leads = true): Promise<HTMLElement> {
  const host = document.body.appendChild(document.createElement('div'));
  createApp(LinkCard, { link: preview, leads }).mount(host);
  await settle();
  return host.querySelector('[data-link-card]') as HTMLElement;
}

it('shows what a page says as text, and its picture, and leads to it without telling from where', async () => {
  const card = await shown(page);
  expect(card.tagName).toBe('A');
  expect(Object.fromEntries(['href', 'target', 'rel'].map((name) => [name, card.getAttribute(name)]))).toEqual({
    href: 'https://example.org/a',
    target: '_blank',
    rel: 'noopener noreferrer nofollow',
  });
  expect(card.textContent).toContain('<img src=x onerror=alert(1)>');
  expect(card.textContent).toContain('<script>alert(1)</script>');
  expect(card.querySelectorAll('script')).toHaveLength(0);
  expect([...card.querySelectorAll('img')].map((image) => image.getAttribute('src'))).toEqual(['https://chat.example/media/b1']);
});

it('leads nowhere but to the web, and nowhere from the composer', async () => {
  expect((await shown({ ...page, url: 'javascript:alert(1)' })).tagName).toBe('DIV');
  expect((await shown(page, false)).tagName).toBe('DIV');
});

it('a picture that is not there leaves the words', async () => {
  link.mockRejectedValueOnce(new Error('gone'));
  const card = await shown(page);
  expect(card.querySelectorAll('img')).toHaveLength(0);
  expect(card.textContent).toContain('Example');
});

it('asks once for a picture that several cards have, and anew for one whose link has ended', async () => {
  const card = await shown(page);
  await shown(page);
  expect(link).toHaveBeenCalledTimes(1);
  card.querySelector('img')?.dispatchEvent(new Event('error'));
  await settle();
  expect([link.mock.calls.length, card.querySelectorAll('img').length]).toEqual([2, 1]);
  card.querySelector('img')?.dispatchEvent(new Event('error'));
  await settle();
  expect([link.mock.calls.length, card.querySelectorAll('img').length]).toEqual([2, 0]);
});

it('without words it shows the address', async () => {
  const card = await shown({ url: page.url, token: 't' });
  expect(card.textContent).toBe('https://example.org/aexample.org');
  expect(link).not.toHaveBeenCalled();
});

it.each([
  ['https://bank.example@evil.example/x', 'evil.example'],
  ['https://bаnk.example/', 'xn--bnk-6cd.example'], // the second letter is Cyrillic
  ['https://', 'https://'],
])('says whose it is, whatever the page says: %s', async (url, host) => {
  const card = await shown({ ...page, url, siteName: 'bank.example' });
  expect(card.querySelector('[data-link-host]')?.textContent).toBe(host);
});
