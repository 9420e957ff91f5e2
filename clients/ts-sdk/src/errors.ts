/** Errors that the client itself makes; the server's codes are positive (protocol-spec.md §9.1). */
export const localErrors = {
  network: -1,
  connection_closed: -2,
  outbox_full: -3,
  cancelled: -4,
  malformed_answer: -5,
  expired: -7,
  outbox_unwritable: -9,
  outbox_of_another: -11,
} as const;

/** The same call may succeed later. */
const retryable: readonly number[] = [localErrors.network, localErrors.outbox_full, localErrors.malformed_answer];

export type LocalErrorName = keyof typeof localErrors;

export interface ChatErrorOptions {
  retryable?: boolean;
  retryAfterMs?: number | undefined;
  requestId?: string | undefined;
  cause?: unknown;
}

/** The one error class of this package. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  /** Of `errorCodes`, or of `localErrors` if it is negative; `errorName` names it. */
  readonly code: number;
  /** The same call may succeed later. */
  readonly retryable: boolean;
  /** Not earlier than this, where the server said so. */
  readonly retryAfterMs?: number | undefined;
  /** What to look for in the server's log, where the server gave one. */
  readonly requestId?: string | undefined;

  constructor(code: number, message: string, options: ChatErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.requestId = options.requestId;
  }

  /** Where the code is explained, relative to the server's base address. */
  get helpUrl(): string {
    return `/docs/errors#${this.code}`;
  }
}

export function localError(name: LocalErrorName, message: string, cause?: unknown): ChatError {
  const code = localErrors[name];
  return new ChatError(code, message, { retryable: retryable.includes(code), cause });
}

/** Whatever was thrown, as a `ChatError`; anything unknown counts as a fault of the network and may be tried again. */
export function asChatError(thrown: unknown): ChatError {
  if (thrown instanceof ChatError) return thrown;
  return localError('network', thrown instanceof Error ? thrown.message : String(thrown), thrown);
}
