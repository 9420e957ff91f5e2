import { ChatError, errorCodes, type Files, type Mark, type MessageContent, newUuid, type UploadedFile } from '@chat/sdk';
import { computed, type ShallowReactive, shallowReactive, shallowRef } from 'vue';
import { isUnsure } from '../connection/isUnsure';
import { contentOf, type FileFacts, type FileKind, kindOfType, uploadName } from './fileKinds';

/** Uploads at a time: more only share the same line. */
const AtOnce = 2;

export interface TrayFile {
  readonly id: number;
  readonly file: Blob;
  readonly name: string;
  readonly kind: FileKind;
  /** A picture of it out of this browser's memory; empty where there is none. */
  readonly thumbnail: string;
  state: 'waiting' | 'uploading' | 'ready' | 'failed';
  /** Sent with the message: it goes as soon as it is uploaded. */
  submitted: boolean;
  sentBytes: number;
  error: unknown;
}

/** What a tray sends: one message for each file. */
export interface TrayMessage {
  readonly text: string;
  readonly replyTo?: number;
  readonly content: MessageContent;
}

/** One file that is sent later; the same id given again is a retry. */
export interface TrayWish {
  readonly clientMessageId: string;
  readonly dueAt: Date;
  readonly message: TrayMessage;
}

const Refusals: ReadonlySet<number> = new Set([
  errorCodes.blob_too_large,
  errorCodes.content_not_allowed,
  errorCodes.invalid_argument,
  errorCodes.not_allowed,
  errorCodes.blocked,
  errorCodes.not_a_member,
]);

/** Whether the server will not take the file however often it is asked. */
export function isRefused(error: unknown): boolean {
  return error instanceof ChatError && Refusals.has(error.code);
}

interface Batch {
  readonly caption: string;
  readonly replyTo: number | undefined;
  /** Whom the caption mentions. */
  readonly marks: readonly Mark[];
  /** Null is at once. */
  readonly dueAt: Date | null;
  begun: boolean;
}

interface Work {
  readonly shown: ShallowReactive<TrayFile>;
  /** Null until its turn: to measure a picture is to decode it, and a hundred at once are more than a phone has memory for. */
  facts: Promise<FileFacts> | null;
  batch: Batch | null;
  abort: AbortController | null;
  blobId: string | null;
  uploaded: { file: UploadedFile; facts: FileFacts } | null;
  /** What was asked for, once it was, until it is known that it was not done: asked for again it is the same, with the same words. */
  wish: TrayWish | null;
  /** It is being scheduled. */
  isHanded: boolean;
}

/** One that can be sent. */
interface Ready {
  readonly work: Work;
  readonly batch: Batch;
  readonly uploaded: NonNullable<Work['uploaded']>;
}

type PickedFile = Blob & { readonly name?: string };

export interface TrayPorts {
  readonly files: Pick<Files, 'upload' | 'resume' | 'delete'>;
  readonly chatId: number;
  readonly send: (message: TrayMessage) => void;
  /** The file stays until that is done. */
  readonly schedule: (wish: TrayWish) => Promise<void>;
  /** The last of the files that were submitted together is scheduled. */
  readonly onScheduled: (dueAt: Date) => void;
  /** The time was over before the files were there: they wait for another one. */
  readonly onOverdue: () => void;
  readonly measure: (file: Blob, kind: FileKind) => Promise<FileFacts>;
}

export type Tray = ReturnType<typeof createTray>;

/**
 * The files that are about to be sent to one chat. Each goes up at once; those that were submitted become messages in their order, the first with the
 * caption. It lives on when the chat is left, so that nothing is lost by looking elsewhere.
 */
export function createTray({ files: server, chatId, send, schedule, onScheduled, onOverdue, measure }: TrayPorts) {
  const works = shallowRef<readonly Work[]>([]);
  /** What goes back to where it was written, with whom it mentions: nothing carries it any more. */
  const returned = shallowRef<Pick<Batch, 'caption' | 'marks'> | null>(null);
  let lastId = 0;

  function add(picked: readonly PickedFile[], as?: FileKind): void {
    // A sound is one that can be heard here, by whichever entry it was picked.
    put(picked.map((file) => workOf(file, as && kindOfType(file.type) !== 'audio' ? as : kindOfType(file.type))));
  }

  /** A recording, which goes as soon as it is there, whatever else waits in the tray for a caption. */
  function sendVoice(file: PickedFile, facts: FileFacts, replyTo?: number): void {
    const work = workOf(file, 'voice', facts);
    work.batch = { caption: '', replyTo, marks: [], dueAt: null, begun: false };
    work.shown.submitted = true;
    put([work]);
  }

  function workOf(file: PickedFile, kind: FileKind, known?: FileFacts): Work {
    const thumbnail = kind === 'image' || file.type.startsWith('image/') ? URL.createObjectURL(file) : '';
    const shown = {
      file,
      kind,
      thumbnail,
      name: uploadName(file),
      state: 'waiting',
      submitted: false,
      sentBytes: 0,
      error: null,
    } as const;
    lastId += 1;
    return {
      shown: shallowReactive<TrayFile>({ ...shown, id: lastId }),
      facts: known ? Promise.resolve(known) : null,
      batch: null,
      abort: null,
      blobId: null,
      uploaded: null,
      wish: null,
      isHanded: false,
    };
  }

  function put(added: readonly Work[]): void {
    works.value = [...works.value, ...added];
    startNext();
  }

  function startNext(): void {
    const running = works.value.filter((work) => work.shown.state === 'uploading').length;
    const waiting = works.value.filter((work) => work.shown.state === 'waiting');
    for (const work of waiting.slice(0, Math.max(0, AtOnce - running))) void upload(work);
  }

  async function upload(work: Work): Promise<void> {
    const { shown } = work;
    const facts = work.facts ?? measure(shown.file, shown.kind);
    work.facts = facts;
    const abort = new AbortController();
    work.abort = abort;
    shown.state = 'uploading';
    const options = {
      signal: abort.signal,
      onProgress: ({ blobId, sentBytes }: { blobId: string; sentBytes: number }) => {
        work.blobId = blobId;
        shown.sentBytes = sentBytes;
      },
    };
    try {
      const file =
        work.blobId === null
          ? await server.upload(shown.file, { ...options, chatId, fileName: shown.name })
          : await server.resume(work.blobId, shown.file, options);
      work.uploaded = { file, facts: await facts };
      shown.state = 'ready';
    } catch (fault) {
      if (abort.signal.aborted) return;
      if (fault instanceof ChatError && fault.code === errorCodes.blob_not_found) work.blobId = null; // the next attempt begins anew
      fail(work, fault);
    }
    flush();
    startNext();
  }

  /** Sends what was submitted and is uploaded, in order; what failed is passed by, and waits for whoever retries it. */
  function flush(): void {
    for (let next = nextOf(false); next; next = nextOf(false)) {
      send(messageOf(next));
      drop(next.work);
    }
    const later = nextOf(true);
    if (later) void handOver(later);
  }

  /** The next that can go, of those that are sent at once or later: neither wait for the others. */
  function nextOf(isLater: boolean): Ready | null {
    for (const work of works.value) {
      const { batch, uploaded, shown } = work;
      if (!batch || shown.state === 'failed' || (batch.dueAt !== null) !== isLater) continue;
      return uploaded && !work.isHanded ? { work, batch, uploaded } : null;
    }
    return null;
  }

  /** The first of a batch has its caption. */
  function messageOf({ work, batch, uploaded: { file, facts } }: Ready): TrayMessage {
    const leads = !batch.begun;
    batch.begun = true;
    return {
      text: leads ? batch.caption : '',
      ...(leads && batch.replyTo !== undefined && { replyTo: batch.replyTo }),
      content: { ...contentOf(file, work.shown.kind, facts), ...(leads && batch.marks.length > 0 && { marks: batch.marks }) },
    };
  }

  /** Scheduled one after the other: what has the same time is sent in this order. */
  async function handOver(ready: Ready): Promise<void> {
    const { work, batch } = ready;
    const { dueAt } = batch;
    if (!dueAt) return;
    const leads = !batch.begun;
    work.wish ??= { clientMessageId: newUuid(), dueAt, message: messageOf(ready) };
    work.isHanded = true;
    try {
      await schedule(work.wish);
      drop(work);
      if (!works.value.some((other) => other.batch === batch)) onScheduled(dueAt);
    } catch (fault) {
      if (works.value.includes(work)) notHandedOver(work, batch, leads, fault);
    }
    work.isHanded = false;
    flush();
  }

  /** Without a definite answer it may be there: its words and its file are its own, then. */
  function notHandedOver(work: Work, batch: Batch, leads: boolean, fault: unknown): void {
    if (isUnsure(fault)) {
      fail(work, fault);
      return;
    }
    work.wish = null;
    if (leads) batch.begun = false; // the caption is nowhere yet
    if (fault instanceof ChatError && fault.code === errorCodes.schedule_time_invalid) {
      unsubmit(batch);
      return;
    }
    if (fault instanceof ChatError && fault.code === errorCodes.blob_not_found) {
      work.uploaded = null; // the next attempt begins anew
      work.blobId = null;
    }
    fail(work, fault);
  }

  /** Its time is over, for all that are left of it. */
  function unsubmit(batch: Batch): void {
    for (const work of works.value) {
      if (work.batch !== batch || work.wish) continue;
      work.batch = null;
      work.shown.submitted = false;
    }
    giveBack(batch);
    onOverdue();
  }

  function fail(work: Work, fault: unknown): void {
    work.shown.error = fault;
    work.shown.state = 'failed';
    const { batch } = work;
    if (!batch || !isRefused(fault)) return;
    work.batch = { ...batch, caption: '', marks: [] }; // what is refused for good carries no caption any more
    giveBack(batch);
  }

  /** The caption goes back to where it was written if nothing is left to carry it. */
  function giveBack(batch: Batch): void {
    if (batch.caption !== '' && !batch.begun && !works.value.some((other) => other.batch === batch))
      giveTextBack(batch.caption, batch.marks);
  }

  /** Below what nobody took yet: whoever writes may be in another chat. */
  function giveTextBack(text: string, marks: readonly Mark[]): void {
    const above = returned.value ? `${returned.value.caption}\n` : '';
    const moved = marks.map((mark) => ({ ...mark, start: mark.start + above.length }));
    returned.value = { caption: above + text, marks: [...(returned.value?.marks ?? []), ...moved] };
  }

  /** Hands over what is in the tray and was not yet. */
  function submit(caption: string, replyTo?: number, marks: readonly Mark[] = [], dueAt: Date | null = null): void {
    const batch: Batch = { caption, replyTo, marks, dueAt, begun: false };
    for (const work of works.value) {
      if (work.batch) continue;
      work.batch = batch;
      work.shown.submitted = true;
    }
    flush();
  }

  function remove(id: number): void {
    const work = works.value.find(({ shown }) => shown.id === id);
    if (!work || work.isHanded) return;
    work.abort?.abort();
    if (work.blobId !== null && !work.wish) server.delete(work.blobId).catch(() => undefined); // left alone, it goes by itself in a day
    drop(work);
    if (work.batch) giveBack(work.batch);
    flush();
    startNext();
  }

  function drop(work: Work): void {
    works.value = works.value.filter((other) => other !== work);
    if (work.shown.thumbnail) URL.revokeObjectURL(work.shown.thumbnail);
  }

  /** Gives up everything: whoever was signed in is not any more, or the chat is gone. */
  function clear(): void {
    returned.value = null;
    for (const work of works.value) {
      work.abort?.abort();
      drop(work);
    }
  }

  function retry(id: number): void {
    const work = works.value.find(({ shown }) => shown.id === id);
    if (work?.shown.state !== 'failed') return;
    work.shown.error = null;
    work.shown.state = work.uploaded ? 'ready' : 'waiting';
    if (work.uploaded) flush();
    else startNext();
  }

  return {
    files: computed(() => works.value.map(({ shown }) => shown)),
    /** Something is there that was not handed over yet, and can be: a text beside what failed would wait as its caption for ever. */
    staged: computed(() => works.value.some(({ shown }) => !shown.submitted && shown.state !== 'failed')),
    /** Something would be lost with the page. */
    unsaved: computed(() => works.value.length > 0),
    returned,
    giveTextBack,
    add,
    sendVoice,
    submit,
    remove,
    retry,
    clear,
  };
}
