import { newId } from '../outbox/outbox.js';

/** A uuid as JSON has it (RFC 9562), of 32 hexadecimal digits. */
export function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A random one: for `clientMessageId` and `clientStatusId`, where the caller has to know it before the answer. */
export function newUuid(): string {
  return dashed(newId());
}
