/** Codes of a `ChatError` that the client itself made; the service's are positive. A module in the place of a table, as `error-codes.ts`. */
export const network = -1;
export const connection_closed = -2;
export const outbox_full = -3;
export const cancelled = -4;
export const malformed_answer = -5;
export const expired = -7;
export const outbox_unwritable = -9;
export const outbox_of_another = -11;
