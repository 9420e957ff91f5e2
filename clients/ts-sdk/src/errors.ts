import * as localErrors from './local-errors.js';

/** Of those that the client makes; what the service makes says itself whether the same call may succeed later. */
const retryableErrors: readonly number[] = [localErrors.network, localErrors.outbox_full, localErrors.malformed_answer];

export interface ChatErrorOptions {
  retryable?: boolean;
  retryAfterMs?: number | null | undefined;
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
    this.retryable = options.retryable ?? retryableErrors.includes(code);
    this.retryAfterMs = options.retryAfterMs ?? undefined;
    this.requestId = options.requestId;
  }

  /** Where the code is explained, relative to the server's base address. */
  get helpUrl(): string {
    return `/docs/errors#${this.code}`;
  }
}

/** Whatever was thrown, as a `ChatError`; anything unknown counts as a fault of the network and may be tried again. */
export function asChatError(thrown: unknown): ChatError {
  if (thrown instanceof ChatError) return thrown;
  return new ChatError(localErrors.network, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
