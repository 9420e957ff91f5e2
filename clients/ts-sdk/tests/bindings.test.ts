import { afterEach, describe, expect, test, vi } from 'vitest';
import { draftBox } from '../src/bindings/draft-box.js';
import { presenceStore } from '../src/bindings/presence-store.js';
import { createStore, kept } from '../src/bindings/store.js';
import { UploadTask } from '../src/bindings/upload-task.js';
import { ChatError } from '../src/errors.js';
import type { Files, TransferOptions, UploadedFile } from '../src/files/records.js';
import * as localErrors from '../src/local-errors.js';
import { conversation } from './support/conversation.js';
import { me } from './support/fake-server.js';
import { countListeners } from './support/listeners.js';
import type { World } from './support/world.js';

afterEach(() => vi.unstubAllGlobals());

const own = { archived: false, pinned: false, markedUnread: false, mutedUntilMs: null, theme: null, clearedUpTo: null, draft: null };

describe('a store', () => {
  test('runs its source from the first listener to the last, and over a change of listeners within a turn', async () => {
    const told: string[] = [];
    let change = (): void => {};
    const store = createStore({
      initial: 0,
      read: () => 1,
      start(changed) {
        told.push('start');
        change = changed;
        return () => told.push('stop');
      },
    });
    const heard: string[] = [];
    const one = store.subscribe(() => heard.push('one'));
    const two = store.subscribe(() => heard.push('two'));
    change();
    one();
    one();
    two();
    const three = store.subscribe(() => heard.push('three'));
    await Promise.resolve();
    change();
    expect(told).toEqual(['start']);
    three();
    await Promise.resolve();
    expect(told).toEqual(['start', 'stop']);
    expect(heard).toEqual(['one', 'two', 'three']);
  });

  test('keeps an object as long as its parts are the same', () => {
    let part: number | null = Number.NaN;
    const read = kept(
      () => [part, 'x'],
      (one, other) => ({ one, other }),
    );
    const first = read();
    expect(read()).toBe(first);
    part = null;
    expect(read()).toEqual({ one: null, other: 'x' });
  });
});

test('of more people than the service follows, those who came into view last are followed', async () => {
  const listeners = countListeners();
  const made = await conversation();
  const before = listeners.live;
  const ends = Array.from({ length: 201 }, (_, at) => presenceStore(made.client, 1_000 + at).subscribe(() => {}));
  await made.clock.advance(0);
  const [asked] = made.server.received('watchPresence');
  expect(asked?.principalIds).toHaveLength(200);
  expect(asked?.principalIds).not.toContain(1_000);
  ends.at(-1)?.();
  await made.clock.advance(0);
  expect(made.server.received('watchPresence').at(-1)?.principalIds).toContain(1_000);
  for (const end of ends) end();
  await made.clock.advance(0);
  expect(made.server.received('watchPresence').at(-1)?.principalIds).toEqual([]);
  expect(listeners.live).toBe(before);
});

describe('a draft', () => {
  /** The service has this draft from now on, and says so. */
  async function stored(made: World, text: string | null): Promise<void> {
    const chat = made.server.chats.get(7);
    if (chat) chat.own = { ...own, draft: text === null ? null : { version: 1, text, replyTo: null } };
    made.server.connection.event(made.server.inbox.append('', me, { kind: 36, text: null, subjectId: 7, replyTo: null }));
    await made.clock.advance(0);
  }

  async function shown(): Promise<{ made: World; box: ReturnType<typeof draftBox>; end: () => void }> {
    vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }));
    const made = await conversation();
    const box = draftBox(made.client, 7);
    return { made, box, end: box.store.subscribe(() => {}) };
  }

  test('is what another device began, until one writes oneself', async () => {
    const { made, box } = await shown();
    await stored(made, 'from the phone');
    expect(box.store.snapshot()).toMatchObject({ text: 'from the phone' });
    box.set('from here');
    await stored(made, 'more from the phone');
    expect(box.store.snapshot()).toMatchObject({ text: 'from here' });
  });

  test('that was sent does not come back while the service has yet to forget it', async () => {
    const { made, box } = await shown();
    await stored(made, 'half a');
    box.set('half a message');
    box.send();
    await stored(made, 'half a');
    expect(box.store.snapshot()).toEqual({ text: '', replyTo: null });
    await stored(made, null);
    await stored(made, 'half a');
    expect(box.store.snapshot()).toMatchObject({ text: 'half a' });
  });

  test('that was written before the view went is there when it is back, unless another device wrote on', async () => {
    const { made, box, end } = await shown();
    box.set('kept');
    end();
    await made.clock.advance(0);
    const again = box.store.subscribe(() => {});
    expect(box.store.snapshot()).toMatchObject({ text: 'kept' });
    again();
    await made.clock.advance(0);
    await stored(made, 'written on');
    box.store.subscribe(() => {});
    expect(box.store.snapshot()).toMatchObject({ text: 'written on' });
  });

  test('is empty when its text is, unless it answers a message', async () => {
    const { made, box } = await shown();
    await stored(made, 'old');
    box.set('');
    expect(box.store.snapshot()).toEqual({ text: '', replyTo: null });
    box.set('', 2);
    expect(box.store.snapshot()).toEqual({ text: '', replyTo: 2 });
    expect(box.send()).toBeNull();
  });
});

describe('an upload', () => {
  interface Transfer {
    readonly what: string;
    readonly options: TransferOptions;
    done(file: UploadedFile): void;
    fail(error: Error): void;
  }

  function made(): { task: UploadTask; transfers: Transfer[]; deleted: string[] } {
    const transfers: Transfer[] = [];
    const deleted: string[] = [];
    const transfer = (what: string, options: TransferOptions): Promise<UploadedFile> =>
      new Promise((done, fail) => {
        transfers.push({ what, options, done, fail });
        options.signal?.addEventListener('abort', () => fail(options.signal?.reason));
      });
    const files = {
      upload: (_file: Blob, options: TransferOptions) => transfer('upload', options),
      resume: (blobId: string, _file: Blob, options: TransferOptions) => transfer(`resume ${blobId}`, options),
      delete: async (blobId: string) => void deleted.push(blobId),
    } as unknown as Files;
    return { task: new UploadTask(files), transfers, deleted };
  }

  const file = new Blob(['12345678']);

  test('goes on where it was paused', async () => {
    const { task, transfers } = made();
    const first = task.start(file);
    transfers[0]?.options.onProgress?.({ blobId: 'b', sentBytes: 4, totalBytes: 8 });
    task.pause();
    expect(await first).toBeNull();
    expect(task.store.snapshot()).toMatchObject({ state: 'paused', sentBytes: 4, error: null });
    const second = task.resume();
    expect(await task.resume()).toBeNull();
    transfers[1]?.done({ blobId: 'b' } as UploadedFile);
    expect(await second).toEqual({ blobId: 'b' });
    expect(transfers.map(({ what }) => what)).toEqual(['upload', 'resume b']);
    expect(await task.resume()).toBeNull();
  });

  test('that failed says why, and can be tried again', async () => {
    const { task, transfers } = made();
    const first = task.start(file);
    transfers[0]?.fail(new ChatError(221, 'too large'));
    expect(await first).toBeNull();
    expect(task.store.snapshot()).toMatchObject({ state: 'failed', error: { code: 221 } });
    void task.resume();
    expect(task.store.snapshot()).toMatchObject({ state: 'uploading', error: null });
    expect(transfers[1]?.what).toBe('upload');
    transfers[1]?.fail(new ChatError(localErrors.network, 'gone'));
  });

  test('is given up here and at the server, by hand and for another one; what is done stays', async () => {
    const { task, transfers, deleted } = made();
    void task.start(file);
    transfers[0]?.options.onProgress?.({ blobId: 'a', sentBytes: 1, totalBytes: 8 });
    void task.start(file);
    expect(deleted).toEqual(['a']);
    transfers[0]?.options.onProgress?.({ blobId: 'a', sentBytes: 2, totalBytes: 8 });
    expect(task.store.snapshot()).toMatchObject({ state: 'uploading', sentBytes: 0 });
    transfers[1]?.options.onProgress?.({ blobId: 'b', sentBytes: 1, totalBytes: 8 });
    await task.cancel();
    expect(deleted).toEqual(['a', 'b']);
    expect(task.store.snapshot()).toMatchObject({ state: 'idle', totalBytes: 0 });
    const third = task.start(file);
    transfers[2]?.options.onProgress?.({ blobId: 'c', sentBytes: 8, totalBytes: 8 });
    transfers[2]?.done({ blobId: 'c' } as UploadedFile);
    await third;
    await task.cancel();
    expect(deleted).toEqual(['a', 'b']);
  });
});
