import { numberOf, objectOf, textOf } from '../account/json.js';
import type { RestRequest } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import * as errorCodes from '../error-codes.js';
import { ChatError } from '../errors.js';
import { Patience } from './patience.js';
import type { FileLink, FilePurpose, Files, FilesOptions, TransferOptions, UploadedFile, UploadOptions } from './records.js';

const defaultPartBytes = 1024 * 1024;

/** Where an upload stands. */
interface Upload {
  readonly blobId: string;
  readonly offset: number;
  readonly bytes: number;
  readonly minPartBytes: number;
  readonly maxPartBytes: number;
}

/** Makes what uploads and links files; apart from the client, so that an app without files does not carry it. */
export function createFiles(options: FilesOptions): Files {
  return new FileTransfers(options);
}

class FileTransfers implements Files {
  readonly #options: FilesOptions;

  constructor(options: FilesOptions) {
    this.#options = options;
  }

  async upload(file: Blob, options: UploadOptions = {}): Promise<UploadedFile> {
    const { fileName = nameOf(file), purpose = 'media', chatId = null, signal } = options;
    const body = { purpose, chatId, fileName, bytes: file.size };
    const patience = new Patience(signal);
    const begun = await patience.insist(() => this.#call({ method: 'POST', path: '/api/media/uploads', body, signal }));
    return this.#finish(file, uploadFrom(begun), patience, options);
  }

  async resume(blobId: string, file: Blob, options: TransferOptions = {}): Promise<UploadedFile> {
    const patience = new Patience(options.signal);
    const found = await patience.insist(() => this.#find(blobId, options.signal));
    return this.#finish(file, found, patience, options);
  }

  async link(blobId: string, invite?: string): Promise<FileLink> {
    const query = invite === undefined ? '' : `?invite=${encodeURIComponent(invite)}`;
    const answer = await this.#call({ method: 'GET', path: `/api/media/${encodeURIComponent(blobId)}/link${query}` });
    return {
      url: new URL(textOf(answer, 'url'), this.#options.url).href,
      expiresAt: new Date(textOf(answer, 'urlExpiresAt')),
      file: fileFrom(objectOf(answer, 'file')),
    };
  }

  async delete(blobId: string): Promise<void> {
    await this.#call({ method: 'DELETE', path: `/api/media/delete?blobId=${encodeURIComponent(blobId)}` });
  }

  async #finish(file: Blob, upload: Upload, patience: Patience, options: TransferOptions): Promise<UploadedFile> {
    const { blobId, bytes } = upload;
    const { signal, onProgress } = options;
    const wished = this.#options.partBytes ?? defaultPartBytes;
    const partBytes = Math.min(Math.max(wished, upload.minPartBytes), upload.maxPartBytes);

    let offset = upload.offset;
    onProgress?.({ blobId, sentBytes: offset, totalBytes: bytes });
    while (offset < bytes) {
      offset = await this.#sendPart(blobId, offset, file.slice(offset, offset + partBytes), patience, signal);
      onProgress?.({ blobId, sentBytes: offset, totalBytes: bytes });
    }
    const path = `${uploadPath(blobId)}/complete`;
    return fileFrom(await patience.insist(() => this.#call({ method: 'POST', path, signal })));
  }

  /** Sends one part; where to go on. */
  async #sendPart(blobId: string, offset: number, part: Blob, patience: Patience, signal: AbortSignal | undefined): Promise<number> {
    try {
      const path = `${uploadPath(blobId)}?offset=${offset}`;
      const now = uploadFrom(await this.#call({ method: 'PATCH', path, bytes: part, signal }));
      patience.reset();
      return now.offset;
    } catch (thrown) {
      // It may have been taken all the same, or by an attempt before: where to go on says the server.
      const elsewhere = thrown instanceof ChatError && thrown.code === errorCodes.upload_offset_mismatch;
      if (!elsewhere) await patience.wait(thrown);
      const now = await patience.insist(() => this.#find(blobId, signal));
      if (elsewhere && now.offset === offset) throw thrown;
      return now.offset;
    }
  }

  async #find(blobId: string, signal: AbortSignal | undefined): Promise<Upload> {
    return uploadFrom(await this.#call({ method: 'GET', path: uploadPath(blobId), signal }));
  }

  async #call(request: RestRequest): Promise<unknown> {
    request.signal?.throwIfAborted();
    try {
      return await callSignedIn(this.#options.url, this.#options.token, request);
    } catch (thrown) {
      request.signal?.throwIfAborted(); // what the app ended is no failure of the network
      throw thrown;
    }
  }
}

function nameOf(file: Blob): string {
  return (file as Partial<File>).name ?? '';
}

function uploadPath(blobId: string): string {
  return `/api/media/uploads/${encodeURIComponent(blobId)}`;
}

function uploadFrom(answer: unknown): Upload {
  return {
    blobId: textOf(answer, 'blobId'),
    offset: numberOf(answer, 'offset'),
    bytes: numberOf(answer, 'bytes'),
    minPartBytes: numberOf(answer, 'minPartBytes'),
    maxPartBytes: numberOf(answer, 'maxPartBytes'),
  };
}

function fileFrom(answer: unknown): UploadedFile {
  const { chatId, expiresAt } = answer as { chatId?: number; expiresAt?: string };
  return {
    blobId: textOf(answer, 'blobId'),
    purpose: textOf(answer, 'purpose') as FilePurpose,
    chatId: chatId ?? null,
    fileName: textOf(answer, 'fileName'),
    contentType: textOf(answer, 'contentType'),
    bytes: numberOf(answer, 'bytes'),
    createdAt: new Date(textOf(answer, 'createdAt')),
    expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
  };
}
