import type { ChatError } from '../errors.js';

export type OutboxState =
  | { readonly kind: 'opening' }
  /** What waits outlives the page. */
  | { readonly kind: 'durable' }
  /** What waits, or some of it, ends with the page, for this reason. */
  | { readonly kind: 'memory'; readonly reason: ChatError };
