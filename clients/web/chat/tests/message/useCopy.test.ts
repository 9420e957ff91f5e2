import { afterEach, expect, it, vi } from 'vitest';
import { useCopy } from '../../src/message/useCopy';

const shown = vi.hoisted(() => ({ toasts: [] as string[] }));
vi.mock('vue-i18n', () => ({ useI18n: () => ({ t: (key: string) => key }) }));
vi.mock('../../src/ui/useToasts', () => ({
  useToasts: () => ({ showInfo: (text: string) => shown.toasts.push(text), showError: (text: string) => shown.toasts.push(text) }),
}));
afterEach(() => {
  vi.unstubAllGlobals();
  shown.toasts = [];
});

it('says that the text was copied', async () => {
  const writeText = vi.fn(async () => undefined);
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  await useCopy().copy('hello');
  expect(writeText).toHaveBeenCalledWith('hello');
  expect(shown.toasts).toEqual(['message.copied']);
});

it('says so when copying is denied', async () => {
  vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) } });
  await useCopy().copy('hello');
  expect(shown.toasts).toEqual(['message.copyFailed']);
});

it('cannot where there is no clipboard', () => {
  vi.stubGlobal('navigator', {});
  expect(useCopy().canCopy).toBe(false);
});
