import * as errorCodes from './error-codes.js';
import * as localErrors from './local-errors.js';

export type ErrorName = keyof typeof errorCodes;

/** The snake_case name of a `ChatError`'s code, for reports and for tables of texts; `code_499` for one that came after this version. */
export function errorName(code: number): string {
  for (const [name, known] of Object.entries({ ...localErrors, ...errorCodes })) if (known === code) return name;
  return `code_${code}`;
}
