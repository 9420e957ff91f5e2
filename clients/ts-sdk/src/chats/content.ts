import type { MessageContent } from '../api.js';
import * as errorCodes from '../error-codes.js';
import { ChatError } from '../errors.js';

/** Throws what the server would say of a place that is not on the earth: there are no numbers for it on the wire. */
export function checkLocation(location: MessageContent['location']): void {
  if (!location || (Math.abs(location.latitude) <= 90 && Math.abs(location.longitude) <= 180)) return; // nor is NaN
  throw new ChatError(errorCodes.invalid_argument, 'The location is not on the earth.');
}
