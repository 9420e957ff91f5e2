import { numberOf, textOf } from '../account/json.js';
import type { Media } from '../api.js';
import { present } from '../codec/fields.js';

/** A stored file, as answers over REST have it. */
export function mediaAnswer(answer: object): Media {
  return {
    ...present(answer),
    blobId: textOf(answer, 'blobId'),
    contentType: textOf(answer, 'contentType'),
    bytes: numberOf(answer, 'bytes'),
  };
}
