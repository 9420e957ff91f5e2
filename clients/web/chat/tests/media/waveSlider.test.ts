// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { createApp } from 'vue';
import WaveSlider from '../../src/media/WaveSlider.vue';

it('takes a press for itself: held, it opens no menu of what the slider stands in', () => {
  const host = document.body.appendChild(document.createElement('div'));
  const seeks: number[] = [];
  const around = vi.fn();
  host.addEventListener('pointerdown', around);
  createApp(WaveSlider, {
    waveform: [],
    timeMs: 0,
    durationMs: 4_000,
    label: 'Place',
    text: '',
    onSeek: (ms: number) => seeks.push(ms),
  }).mount(host);
  const slider = host.querySelector('[role=slider]') as HTMLElement;
  slider.setPointerCapture = () => undefined;
  slider.getBoundingClientRect = () => new DOMRect(100, 0, 200, 20);
  slider.dispatchEvent(new PointerEvent('pointerdown', { button: 0, clientX: 150, bubbles: true }));
  expect([seeks, around.mock.calls.length]).toEqual([[1_000], 0]);
});
