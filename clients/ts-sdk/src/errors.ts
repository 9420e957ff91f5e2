import { errorCodes } from './codes.js';

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

/** The one error class of this package. `name` is the snake_case name of `code`. */
export class ChatError extends Error {
  readonly code: number;
  /** The same call may succeed later. */
  readonly retryable: boolean;
  /** Not earlier than this, where the server said so. */
  readonly retryAfterMs?: number | undefined;
  /** Where the code is explained, relative to the server's base address. */
  readonly helpUrl: string;
  /** What to look for in the server's log, where the server gave one. */
  readonly requestId?: string | undefined;

  constructor(code: number, message: string, options: ChatErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.name = nameOf(code);
    this.retryable = options.retryable ?? false;
    this.helpUrl = `/docs/errors#${this.name}`;
    this.retryAfterMs = options.retryAfterMs;
    this.requestId = options.requestId;
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

function nameOf(code: number): string {
  for (const [name, number] of Object.entries({ ...localErrors, ...errorCodes })) if (number === code) return name;
  return `code_${code}`;
}
