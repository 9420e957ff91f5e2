import type { TokenReason } from '../ports.js';

/** What a file is for. `chat_avatar` is for those who may change the group or channel; `avatar` and `status` belong to no chat. */
export type FilePurpose = 'media' | 'avatar' | 'chat_avatar' | 'status';

/** A file that the server has. */
export interface UploadedFile {
  /** Its name for messages, links and deletion. */
  readonly blobId: string;
  readonly purpose: FilePurpose;
  /** The chat that holds it; null where it is its owner's alone. */
  readonly chatId: number | null;
  /** What it is called, made harmless. */
  readonly fileName: string;
  /** What it is, found from its bytes. */
  readonly contentType: string;
  /** Its size as stored; a JPEG is stored without what it told about its maker. */
  readonly bytes: number;
  readonly createdAt: Date;
  /** When it will be deleted; null where it is kept. */
  readonly expiresAt: Date | null;
}

/** Whoever has the link may read the file until it expires. */
export interface FileLink {
  /** Absolute; read without a token, with ranges if wished. */
  readonly url: string;
  readonly expiresAt: Date;
  readonly file: UploadedFile;
}

export interface UploadProgress {
  /** The upload's name: kept by an app, the upload can go on after a restart. */
  readonly blobId: string;
  /** What the server has. */
  readonly sentBytes: number;
  readonly totalBytes: number;
}

export interface TransferOptions {
  /** Pauses: the upload waits a day at the server, `resume` goes on with it, `delete` gives it up. */
  signal?: AbortSignal | undefined;
  /** Told after every part, and first when the upload has its name. */
  onProgress?: (progress: UploadProgress) => void;
}

export interface UploadOptions extends TransferOptions {
  /** What the file is called; its extension says what it is. Default: the name of a `File`. */
  fileName?: string;
  /** Default `media`. */
  purpose?: FilePurpose;
  /** The chat that will hold it: needed for `media` and `chat_avatar`. */
  chatId?: number;
}

export interface FilesOptions {
  /** The server's base address, `http(s)://host[:port]`. */
  url: string;
  /** Gives an access token; `AccountSession.token` fits. */
  token: (why: TokenReason) => Promise<string>;
  /** Bytes sent at once, and again when a part breaks off; the server takes 64 KiB to 8 MiB. Default 1 MiB. */
  partBytes?: number;
}

/** Uploads files, gives links to them and deletes them. Needs no connection. */
export interface Files {
  /** Uploads in parts; one that is not taken for a passing reason is sent again, for about half a minute. */
  upload(file: Blob, options?: UploadOptions): Promise<UploadedFile>;
  /** Goes on with an upload that was paused or broke off, in this run of the app or an earlier one; with the same file. */
  resume(blobId: string, file: Blob, options?: TransferOptions): Promise<UploadedFile>;
  /**
   * A link that is good for a while, for a file that one may read. `invite` is the code of an invite link, for the picture of a group or channel
   * before one is in it.
   */
  link(blobId: string, invite?: string): Promise<FileLink>;
  /** Deletes a file of one's own, or as an admin one of the group; or gives up an upload of one's own. */
  delete(blobId: string): Promise<void>;
}
