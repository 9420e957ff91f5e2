import { ChatError } from '@chat/sdk';

/** There is nothing to join, however often one looks. */
export function isNoPlace(fault: unknown): boolean {
  return fault instanceof ChatError && (fault.name === 'invite_not_found' || fault.name === 'invite_expired');
}
