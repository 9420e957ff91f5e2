export interface Exported {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'constant' | 'type';
  /** What the comment above it says; empty without one. */
  readonly doc: string;
  readonly signature: string;
  readonly text: string;
  readonly source: string;
}

export interface Entry {
  /** What an app imports from, as `@chat/sdk/vue`. */
  readonly entry: string;
  readonly exported: readonly Exported[];
}

export function readPublicApi(): Entry[];
export function listing(entries: readonly Entry[]): string;
