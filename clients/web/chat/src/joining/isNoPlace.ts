import { ChatError, errorCodes } from '@chat/sdk';

/** There is nothing to join, however often one looks. */
export function isNoPlace(fault: unknown): boolean {
  return fault instanceof ChatError && (fault.code === errorCodes.invite_not_found || fault.code === errorCodes.invite_expired);
}
