// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { createApp, h, nextTick, ref } from 'vue';
import { i18n } from '../../src/i18n';
import ContactCard from '../../src/media/ContactCard.vue';

it('a number that a card has twice is told twice, and goes with it', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const card = ref('FN:Eva\nTEL:+1555\nTEL:+1555\nEMAIL:e@x.org\nEMAIL:e@x.org');
  const host = document.body.appendChild(document.createElement('div'));
  createApp({ render: () => h(ContactCard, { card: card.value }) })
    .use(i18n)
    .mount(host);
  const shown = () => [...host.querySelectorAll('a')].map((a) => a.textContent);
  expect(shown()).toEqual(['+1555', '+1555', 'e@x.org', 'e@x.org']);
  card.value = 'FN:Ben\nTEL:+1777\nTEL:+1777\nTEL:+1555';
  await nextTick();
  expect(shown()).toEqual(['+1777', '+1777', '+1555']);
  expect(warned).not.toHaveBeenCalled();
});
