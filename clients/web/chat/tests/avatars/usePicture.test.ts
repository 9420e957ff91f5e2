import { ChatError } from '@chat/sdk';
import { beforeEach, expect, it, vi } from 'vitest';
import { usePicture } from '../../src/avatars/usePicture';

const toast = vi.fn();
vi.mock('../../src/connection/useErrors', () => ({ useErrors: () => ({ toast }) }));
beforeEach(() => toast.mockClear());

function setup(current: string | null) {
  const files = { upload: vi.fn(async () => ({ blobId: 'new' }) as never), delete: vi.fn(async () => undefined) };
  const set = vi.fn(async () => undefined as unknown);
  const upload = { purpose: 'chat_avatar', chatId: 7 } as const;
  return { files, set, picture: usePicture(files, { upload, current: () => current, set }) };
}

it('uploads what was cut and names it; the file of before goes', async () => {
  const { files, set, picture } = setup('old');
  const cut = new Blob(['x']);
  expect(await picture.save(cut)).toBe(true);
  expect(files.upload.mock.calls).toEqual([[cut, { purpose: 'chat_avatar', chatId: 7, fileName: 'picture.jpg' }]]);
  expect([set.mock.calls, files.delete.mock.calls]).toEqual([[['new']], [['old']]]);
});

it('takes it away with an empty text', async () => {
  const { files, set, picture } = setup('old');
  expect(await picture.remove()).toBe(true);
  expect([set.mock.calls, files.delete.mock.calls, files.upload.mock.calls.length]).toEqual([[['']], [['old']], 0]);
});

it('what is refused is told: the picture of before stays, and what was uploaded goes', async () => {
  const { files, set, picture } = setup('old');
  const fault = new ChatError(203, 'not allowed');
  set.mockRejectedValueOnce(fault);
  expect(await picture.save(new Blob(['x']))).toBe(false);
  expect([toast.mock.calls, files.delete.mock.calls, picture.busy.value]).toEqual([[[fault]], [['new']], false]);
  files.upload.mockRejectedValueOnce(fault);
  files.delete.mockClear();
  expect(await picture.save(new Blob(['x']))).toBe(false);
  expect([files.delete.mock.calls.length, set.mock.calls.length]).toEqual([0, 1]);
});

it('that the old file is not one’s own to delete is no matter, and there is one change at a time', async () => {
  const { files, picture } = setup('old');
  files.delete.mockRejectedValueOnce(new Error('not yours'));
  const both = await Promise.all([picture.save(new Blob(['x'])), picture.remove()]);
  expect([both, toast.mock.calls.length]).toEqual([[true, false], 0]);
});

it.each([new ChatError(-1, 'no answer', { retryable: true }), new ChatError(-2, 'closed'), new ChatError(500, 'internal'), new Error('?')])(
  'without a definite answer the new picture may be shown: neither file goes (%s)',
  async (fault) => {
    const { files, set, picture } = setup('old');
    set.mockRejectedValueOnce(fault);
    expect(await picture.save(new Blob(['x']))).toBe(false);
    expect([toast.mock.calls, files.delete.mock.calls]).toEqual([[[fault]], []]);
  },
);
