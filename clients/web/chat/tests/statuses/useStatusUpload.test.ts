import { ChatError, errorCodes, type UploadedFile } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { useStatusUpload } from '../../src/statuses/useStatusUpload';

const file = new File([new Uint8Array(1_000)], 'lake.png', { type: 'image/png' });
const uploaded = { blobId: 'b1', contentType: 'image/png', bytes: 900, fileName: 'lake.png' } as UploadedFile;
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function setup(upload: (...args: never[]) => Promise<UploadedFile>) {
  const files = { upload: vi.fn(upload), resume: vi.fn(async () => uploaded), delete: vi.fn(async () => undefined) };
  const scope = effectScope();
  const run = scope.run(() => useStatusUpload(files as never, file, async () => ({ width: 90, height: 60 })));
  if (!run) throw new Error('no scope');
  return { ...run, files, leave: () => scope.stop() };
}

it('goes up as a file for a status, and makes one with its caption', async () => {
  const { status, state, files, keep, leave } = setup(async () => uploaded);
  expect(status('at once')).toBeNull();
  await settle();
  expect(state.value).toBe('ready');
  expect(files.upload).toHaveBeenCalledWith(file, expect.objectContaining({ purpose: 'status', fileName: 'lake.png' }));
  const media = { blobId: 'b1', contentType: 'image/png', bytes: 900, fileName: 'lake.png', width: 90, height: 60 };
  expect(status('The lake')).toEqual({ kind: 'image', media, text: 'The lake' });
  expect(status('')).toEqual({ kind: 'image', media });
  keep();
  leave();
  expect(files.delete).not.toHaveBeenCalled();
});

it('what is not posted is taken away again', async () => {
  const { leave, files, percent } = setup(async (_: File, { onProgress }: { onProgress: (p: object) => void }) => {
    onProgress({ blobId: 'b1', sentBytes: 500, totalBytes: 1_000 });
    return uploaded;
  });
  expect(percent.value).toBe(50);
  await settle();
  leave();
  expect(files.delete).toHaveBeenCalledWith('b1');
});

it('goes on where it broke off; where nothing is left of it, anew', async () => {
  let fault: Error = new Error('broken off');
  const {
    start,
    state,
    files,
    fault: told,
  } = setup(async (_: File, { onProgress }: { onProgress: (p: object) => void }) => {
    onProgress({ blobId: 'b1', sentBytes: 500, totalBytes: 1_000 });
    throw fault;
  });
  await settle();
  expect([state.value, told.value]).toEqual(['failed', fault]);
  fault = new ChatError(errorCodes.blob_not_found, 'gone');
  files.resume.mockRejectedValueOnce(fault);
  await start();
  expect(files.resume).toHaveBeenCalledTimes(1);
  await start();
  expect([files.upload.mock.calls.length, files.resume.mock.calls.length]).toEqual([2, 1]);
});

it('a film that the server takes for something else than a picture or film is no status', async () => {
  const { status } = setup(async () => ({ ...uploaded, contentType: 'application/pdf' }));
  await settle();
  expect(status('')).toBeNull();
});
