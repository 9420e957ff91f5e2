import { asChatError, type ChatError } from '../errors.js';
import type { Files, UploadedFile, UploadOptions } from '../files/records.js';
import { createStore, type Store } from './store.js';

export interface UploadView {
  /** `paused`: the server keeps what it has for a day. */
  readonly state: 'idle' | 'uploading' | 'paused' | 'done' | 'failed';
  readonly sentBytes: number;
  readonly totalBytes: number;
  /** When done. */
  readonly file: UploadedFile | null;
  /** When failed. */
  readonly error: ChatError | null;
}

export type UploadWish = Omit<UploadOptions, 'signal' | 'onProgress'>;

const idle: UploadView = { state: 'idle', sentBytes: 0, totalBytes: 0, file: null, error: null };

/** One upload after another, as something to show. What is running when nobody shows it any more is paused. */
export class UploadTask {
  readonly store: Store<UploadView>;
  readonly #files: Files;
  #view = idle;
  #running: AbortController | null = null;
  #source: { readonly file: Blob; readonly wish: UploadWish } | null = null;
  #blobId: string | null = null;
  #changed: () => void = () => {};

  constructor(files: Files) {
    this.#files = files;
    this.store = createStore({
      initial: idle,
      read: () => this.#view,
      start: (changed) => {
        this.#changed = changed;
        return () => {
          this.#changed = () => {};
          this.pause();
        };
      },
    });
  }

  /** Uploads a file; one that is not done yet is given up for it. Null where it was paused, given up or failed, which the view tells. */
  start(file: Blob, wish: UploadWish = {}): Promise<UploadedFile | null> {
    this.cancel().catch(() => undefined); // what could not be given up ends by itself within a day
    this.#source = { file, wish };
    this.#show({ ...idle, state: 'uploading', totalBytes: file.size });
    return this.#run((transfer) => this.#files.upload(file, { ...wish, ...transfer }));
  }

  pause(): void {
    if (this.#running === null) return;
    this.#end();
    this.#show({ ...this.#view, state: 'paused' });
  }

  /** Goes on with what was paused or failed. */
  resume(): Promise<UploadedFile | null> {
    if (this.#source === null || this.#running !== null || this.#view.state === 'done') return Promise.resolve(null);
    const { file, wish } = this.#source;
    const blobId = this.#blobId;
    this.#show({ ...this.#view, state: 'uploading', error: null });
    return this.#run((transfer) =>
      blobId === null ? this.#files.upload(file, { ...wish, ...transfer }) : this.#files.resume(blobId, file, transfer),
    );
  }

  /** Gives up what is not done, here and at the server; what is done stays there, and is shown no more. */
  async cancel(): Promise<void> {
    const blobId = this.#view.state === 'done' ? null : this.#blobId;
    this.#end();
    this.#source = this.#blobId = null;
    this.#show(idle);
    if (blobId !== null) await this.#files.delete(blobId);
  }

  async #run(transfer: (options: Pick<UploadOptions, 'signal' | 'onProgress'>) => Promise<UploadedFile>): Promise<UploadedFile | null> {
    const running = new AbortController();
    this.#running = running;
    try {
      const file = await transfer({
        signal: running.signal,
        onProgress: ({ blobId, sentBytes, totalBytes }) => {
          if (this.#running !== running) return;
          this.#blobId = blobId;
          this.#show({ ...this.#view, sentBytes, totalBytes });
        },
      });
      if (this.#running !== running) return null;
      this.#running = null;
      this.#show({ ...this.#view, state: 'done', file });
      return file;
    } catch (thrown) {
      if (this.#running !== running) return null; // paused or given up: the view says so
      this.#running = null;
      this.#show({ ...this.#view, state: 'failed', error: asChatError(thrown) });
      return null;
    }
  }

  #end(): void {
    const running = this.#running;
    this.#running = null;
    running?.abort();
  }

  #show(view: UploadView): void {
    this.#view = view;
    this.#changed();
  }
}
