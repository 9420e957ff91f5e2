/**
 * The version of what goes between tabs, and of what a leader knows of the protocol. It is part of the names of lock and channel, so that
 * tabs of another build are no part of this one's: raise it with any change of either.
 */
export const tabsVersion = 1;

/** What tabs say to each other. A port is one connection of a client in a tab that does not lead. `atMs`: when it was posted. */
export type TabMessage =
  /** Of a tab that leads from now on, to all. */
  | { readonly kind: 'leads'; readonly leader: string }
  /** To whoever leads. */
  | { readonly kind: 'open'; readonly port: string; readonly atMs: number }
  /** To the leader that opened the port. */
  | { readonly kind: 'up'; readonly leader: string; readonly port: string; readonly bytes: Uint8Array; readonly atMs: number }
  | { readonly kind: 'leave'; readonly leader: string; readonly port: string; readonly code: number; readonly atMs: number }
  | { readonly kind: 'ask'; readonly leader: string; readonly port: string; readonly atMs: number }
  /** Of the leader, to ports. */
  | { readonly kind: 'opened' | 'alive'; readonly leader: string; readonly port: string }
  | { readonly kind: 'down'; readonly leader: string; readonly ports: readonly string[]; readonly bytes: Uint8Array }
  | { readonly kind: 'ended'; readonly leader: string; readonly ports: readonly string[]; readonly code: number; readonly reason: string };
