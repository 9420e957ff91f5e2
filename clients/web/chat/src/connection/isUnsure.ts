import { ChatError, errorCodes } from '@chat/sdk';

/** No definite answer came: what was asked for may have been done. */
export function isUnsure(fault: unknown): boolean {
  return !(fault instanceof ChatError) || fault.retryable || fault.code < 0 || fault.code === errorCodes.internal;
}
