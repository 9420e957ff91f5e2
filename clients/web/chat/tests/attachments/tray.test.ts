import { ChatError, type UploadedFile, type UploadProgress } from '@chat/sdk';
import { beforeEach, expect, it, vi } from 'vitest';
import type { FileFacts, FileKind } from '../../src/attachments/fileKinds';
import { createTray, type TrayMessage, type TrayWish } from '../../src/attachments/tray';

interface Running {
  name: string;
  resumed: boolean;
  signal: AbortSignal | undefined;
  progress: (progress: UploadProgress) => void;
  done: (contentType?: string) => Promise<void>;
  fail: (fault: unknown) => Promise<void>;
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function made() {
  const running: Running[] = [];
  const sent: TrayMessage[] = [];
  const deleted: string[] = [];
  const measured: string[] = [];
  const scheduled: {
    wish: TrayWish;
    message: TrayMessage;
    dueAt: Date;
    done: () => Promise<void>;
    fail: (fault: unknown) => Promise<void>;
  }[] = [];
  const told: (Date | 'overdue')[] = [];
  const start = (name: string, resumed: boolean, options: { signal?: AbortSignal | undefined; onProgress?: Running['progress'] } = {}) =>
    new Promise<UploadedFile>((resolve, reject) => {
      running.push({
        name,
        resumed,
        signal: options.signal,
        progress: options.onProgress ?? (() => undefined),
        done: async (contentType = 'image/png') => {
          resolve({ blobId: `blob-${name}`, contentType, bytes: 5, fileName: name } as UploadedFile);
          await settle();
        },
        fail: async (fault) => {
          reject(fault);
          await settle();
        },
      });
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
    });
  const tray = createTray({
    chatId: 7,
    send: (message) => sent.push(message),
    onScheduled: (dueAt) => told.push(dueAt),
    onOverdue: () => told.push('overdue'),
    schedule: (wish) =>
      new Promise<void>((resolve, reject) => {
        const end = (how: () => void) => async () => {
          how();
          await settle();
        };
        scheduled.push({ wish, message: wish.message, dueAt: wish.dueAt, done: end(resolve), fail: (fault) => end(() => reject(fault))() });
      }),
    measure: async (file: Blob, kind: FileKind): Promise<FileFacts> => {
      measured.push((file as File).name);
      return kind === 'image' ? { width: 4, height: 3 } : {};
    },
    files: {
      upload: (_file, options) => start(options?.fileName ?? '', false, options),
      resume: (blobId, _file, options) => start(blobId, true, options),
      delete: async (blobId) => void deleted.push(blobId),
    },
  });
  return { tray, running, sent, scheduled, told, deleted, measured };
}

const picture = (name: string) => new File(['12345'], name, { type: 'image/png' });
const first = <T>(list: readonly T[], at = 0): T => {
  const found = list[at];
  if (found === undefined) throw new Error(`there is no ${at}`);
  return found;
};

beforeEach(() => {
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined }));
});

it('uploads at once, two at a time, and sends nothing before it is told to', async () => {
  const { tray, running, sent } = made();
  tray.add([picture('a.png'), picture('b.png'), picture('c.png')]);
  expect(running.map(({ name }) => name)).toEqual(['a.png', 'b.png']);
  first(running).progress({ blobId: 'blob-a', sentBytes: 3, totalBytes: 5 });
  expect(first(tray.files.value).sentBytes).toBe(3);
  await first(running).done();
  expect(running.map(({ name }) => name)).toEqual(['a.png', 'b.png', 'c.png']);
  expect(tray.files.value.map(({ state }) => state)).toEqual(['ready', 'uploading', 'uploading']);
  expect(sent).toEqual([]);
  expect([tray.staged.value, tray.unsaved.value]).toEqual([true, true]);
});

it('measures what is uploaded, each file once, and not all at once', async () => {
  const { tray, running, measured } = made();
  tray.add([picture('a.png'), picture('b.png'), picture('c.png')]);
  expect(measured).toEqual(['a.png', 'b.png']);
  await first(running).fail(new ChatError(402, 'away'));
  expect(measured).toEqual(['a.png', 'b.png', 'c.png']);
  tray.retry(first(tray.files.value).id);
  await first(running, 1).done();
  expect([running.length, measured.length]).toEqual([4, 3]);
});

it('sends in the order of the tray, whatever is uploaded first; the first has caption and quote', async () => {
  const { tray, running, sent } = made();
  tray.add([picture('a.png'), picture('b.png')]);
  tray.submit('Look', 42);
  expect(tray.staged.value).toBe(false);
  await first(running, 1).done();
  expect(sent).toEqual([]);
  await first(running).done();
  expect(sent.map(({ text, replyTo, content }) => [text, replyTo, content.kind, content.media?.blobId, content.media?.width])).toEqual([
    ['Look', 42, 'image', 'blob-a.png', 4],
    ['', undefined, 'image', 'blob-b.png', 4],
  ]);
  expect(tray.files.value).toEqual([]);
  expect(tray.unsaved.value).toBe(false);
});

it('what is added after a submission waits for its own', async () => {
  const { tray, running, sent } = made();
  tray.add([picture('a.png')]);
  tray.submit('');
  tray.add([picture('b.png')]);
  await first(running).done();
  await first(running, 1).done();
  expect(sent).toHaveLength(1);
  expect(tray.staged.value).toBe(true);
});

it('a file that is refused says why and lets the others go; tried again, it goes on where it was', async () => {
  const { tray, running, sent } = made();
  tray.add([picture('a.png'), picture('b.png')]);
  tray.submit('Two');
  first(running).progress({ blobId: 'blob-a', sentBytes: 2, totalBytes: 5 });
  const fault = new ChatError(402, 'away');
  await first(running).fail(fault);
  expect(first(tray.files.value)).toMatchObject({ state: 'failed', error: fault });
  await first(running, 1).done();
  expect(sent.map(({ text, content }) => [text, content.media?.blobId])).toEqual([['Two', 'blob-b.png']]);

  tray.retry(first(tray.files.value).id);
  expect(first(running, 2)).toMatchObject({ name: 'blob-a', resumed: true });
  await first(running, 2).done();
  expect(sent).toHaveLength(2);
});

it('what failed waits for no caption, until it is tried again', async () => {
  const { tray, running } = made();
  tray.add([picture('a.png')]);
  await first(running).fail(new ChatError(200, 'refused'));
  expect([tray.staged.value, tray.unsaved.value]).toEqual([false, true]);
  tray.retry(first(tray.files.value).id);
  expect(tray.staged.value).toBe(true);
});

it('an upload that the server forgot begins anew', async () => {
  const { tray, running } = made();
  tray.add([picture('a.png')]);
  first(running).progress({ blobId: 'blob-a', sentBytes: 2, totalBytes: 5 });
  await first(running).fail(new ChatError(220, 'gone'));
  tray.retry(first(tray.files.value).id);
  expect(first(running, 1)).toMatchObject({ name: 'a.png', resumed: false });
});

it('what is taken away stops, is deleted at the server, and gives its place to the next', async () => {
  const { tray, running, deleted, sent } = made();
  tray.add([picture('a.png'), picture('b.png'), picture('c.png')]);
  tray.submit('All');
  first(running).progress({ blobId: 'blob-a', sentBytes: 2, totalBytes: 5 });
  tray.remove(first(tray.files.value).id);
  await settle();
  expect(first(running).signal?.aborted).toBe(true);
  expect(deleted).toEqual(['blob-a']);
  expect(running.map(({ name }) => name)).toEqual(['a.png', 'b.png', 'c.png']);
  await first(running, 1).done();
  expect(sent.map(({ text }) => text)).toEqual(['All']);
});

it('gives the caption back when no file is left that could carry it', () => {
  const { tray, sent } = made();
  tray.add([picture('a.png')]);
  const marks = [{ kind: 'mention', start: 0, length: 4, principalId: 2 }] as const;
  tray.submit('Long text', undefined, marks);
  tray.remove(first(tray.files.value).id);
  expect(tray.returned.value).toMatchObject({ caption: 'Long text', marks });
  expect(sent).toEqual([]);
});

it('the server says what a file is, but a picture that was picked as a document stays one', async () => {
  const { tray, running, sent } = made();
  tray.add([new File(['12345'], 'song.webm', { type: 'video/webm' })]);
  tray.add([picture('plan.png')], 'document');
  tray.submit('');
  await first(running).done('audio/webm');
  await first(running, 1).done('image/png');
  expect(sent.map(({ content }) => content.kind)).toEqual(['audio', 'document']);
});

it('gives what was pasted without a name one that tells its type', () => {
  const { tray } = made();
  tray.add([new Blob(['12345'], { type: 'image/png' })]);
  expect(first(tray.files.value).name).toBe('image.png');
});

it('a recording goes at once, and not what waits for a caption', async () => {
  const { tray, running, sent } = made();
  tray.add([picture('a.png')]);
  tray.sendVoice(new File(['12345'], 'voice.weba', { type: 'audio/webm' }), { durationMs: 1_200, waveform: [0, 255] }, 9);
  expect([tray.staged.value, tray.files.value.length]).toEqual([true, 2]);
  await first(running, 1).done('audio/webm');
  expect(sent).toMatchObject([
    { text: '', replyTo: 9, content: { kind: 'voice', media: { blobId: 'blob-voice.weba', durationMs: 1_200, waveform: [0, 255] } } },
  ]);
  expect(tray.files.value.map(({ name }) => name)).toEqual(['a.png']);
});

it('what is refused for good gives its caption back at once, and to nobody twice', async () => {
  const { tray, running, sent } = made();
  tray.add([picture('a.png'), picture('b.png')]);
  tray.submit('Both');
  await first(running).fail(new ChatError(222, 'this kind is not taken'));
  expect(tray.returned.value).toBeNull(); // the other one carries it
  await first(running, 1).fail(new ChatError(222, 'this kind is not taken'));
  expect(tray.returned.value).toMatchObject({ caption: 'Both' });
  tray.returned.value = null;
  for (const { id } of tray.files.value) tray.remove(id);
  expect([tray.returned.value, sent, tray.files.value]).toEqual([null, [], []]);
});

it('files that are scheduled stay until they are, one after the other', async () => {
  const { tray, running, sent, scheduled, told } = made();
  const dueAt = new Date('2026-12-01T09:00:00Z');
  tray.add([picture('a.png'), picture('b.png')]);
  tray.submit('Later', 42, [], dueAt);
  await first(running, 1).done();
  await first(running).done();
  expect(scheduled.map(({ message, dueAt: at }) => [message.text, message.replyTo, message.content.media?.blobId, at])).toEqual([
    ['Later', 42, 'blob-a.png', dueAt],
  ]);
  tray.remove(first(tray.files.value).id); // it is on its way
  expect(tray.files.value.map(({ name, state }) => [name, state])).toEqual([
    ['a.png', 'ready'],
    ['b.png', 'ready'],
  ]);
  await first(scheduled).done();
  expect([scheduled.length, scheduled[1]?.message.text, scheduled[1]?.message.replyTo, told]).toEqual([2, '', undefined, []]);
  await first(scheduled, 1).done();
  expect([tray.files.value, sent, told]).toEqual([[], [], [dueAt]]);
});

it('a file that could not be scheduled is tried again with its caption, and not uploaded anew', async () => {
  const { tray, running, scheduled } = made();
  tray.add([picture('a.png')]);
  tray.submit('Later', undefined, [], new Date('2026-12-01T09:00:00Z'));
  await first(running).done();
  const fault = new ChatError(402, 'away');
  await first(scheduled).fail(fault);
  expect(first(tray.files.value)).toMatchObject({ state: 'failed', error: fault });
  tray.retry(first(tray.files.value).id);
  expect([running.length, scheduled.length, scheduled[1]?.message.text]).toEqual([1, 2, 'Later']);
  await first(scheduled, 1).done();
  expect(tray.files.value).toEqual([]);
});

it('what is over by then waits for another time, with its caption, and is not uploaded anew', async () => {
  const { tray, running, scheduled, told } = made();
  tray.add([picture('a.png'), picture('b.png')]);
  tray.submit('Later', undefined, [], new Date('2026-12-01T09:00:00Z'));
  await first(running).done();
  await first(scheduled).fail(new ChatError(230, 'over'));
  expect([tray.files.value.map(({ state, submitted }) => [state, submitted]), tray.returned.value?.caption, told]).toEqual([
    [
      ['ready', false],
      ['uploading', false],
    ],
    'Later',
    ['overdue'],
  ]);
  await first(running, 1).done();
  const other = new Date('2026-12-02T09:00:00Z');
  tray.submit('Later', undefined, [], other);
  await first(scheduled, 1).done();
  await first(scheduled, 2).done();
  expect([running.length, scheduled.map(({ message }) => message.text), told]).toEqual([2, ['Later', 'Later', ''], ['overdue', other]]);
});

it('a file whose answer was lost keeps its words and its id, and no other gets them', async () => {
  const { tray, running, scheduled, deleted } = made();
  tray.add([picture('a.png'), picture('b.png')]);
  tray.submit('Later', 42, [], new Date('2026-12-01T09:00:00Z'));
  first(running).progress({ blobId: 'blob-a.png', sentBytes: 5, totalBytes: 5 });
  await first(running).done();
  await first(running, 1).done();
  await first(scheduled).fail(new ChatError(-1, 'no answer', { retryable: true }));
  await first(scheduled, 1).done();
  expect(tray.files.value.map(({ name, state }) => [name, state])).toEqual([['a.png', 'failed']]);
  tray.retry(first(tray.files.value).id);
  expect(scheduled.map(({ message }) => [message.text, message.content.media?.blobId])).toEqual([
    ['Later', 'blob-a.png'],
    ['', 'blob-b.png'],
    ['Later', 'blob-a.png'],
  ]);
  expect(first(scheduled, 2).wish).toBe(first(scheduled).wish);
  expect(first(scheduled, 1).wish.clientMessageId).not.toBe(first(scheduled).wish.clientMessageId);
  await first(scheduled, 2).fail(new ChatError(-1, 'no answer', { retryable: true }));
  tray.remove(first(tray.files.value).id);
  expect([deleted, tray.returned.value]).toEqual([[], null]); // it may be the file of a message by now
});

it('what is sent now does not wait for what is sent later, nor the other way round', async () => {
  const { tray, running, sent, scheduled } = made();
  tray.add([picture('a.png')]);
  tray.submit('Later', undefined, [], new Date('2026-12-01T09:00:00Z'));
  tray.add([picture('b.png')]);
  tray.submit('Now');
  await first(running, 1).done();
  expect(sent.map(({ text }) => text)).toEqual(['Now']);
  tray.add([picture('c.png')]);
  tray.submit('Also now');
  await first(running).done();
  expect([scheduled.map(({ message }) => message.text), sent.length]).toEqual([['Later'], 1]);
  await first(running, 2).done(); // the one that is sent later has no answer yet
  expect(sent.map(({ text }) => text)).toEqual(['Now', 'Also now']);
});

it('texts that come back stand below each other, each with whom it mentions', () => {
  const { tray } = made();
  const mark = { kind: 'mention', start: 0, length: 4, principalId: 2 } as const;
  tray.giveTextBack('@Ben', [mark]);
  tray.giveTextBack('@Eva', [{ ...mark, principalId: 3 }]);
  expect(tray.returned.value).toEqual({ caption: '@Ben\n@Eva', marks: [mark, { ...mark, start: 5, principalId: 3 }] });
});

it('what is given up while it is scheduled comes back nowhere', async () => {
  const { tray, running, scheduled } = made();
  tray.add([picture('a.png')]);
  tray.submit('Later', undefined, [], new Date('2026-12-01T09:00:00Z'));
  await first(running).done();
  tray.clear();
  await first(scheduled).fail(new ChatError(219, 'deleted'));
  expect([tray.files.value, tray.returned.value]).toEqual([[], null]);
});
