/** What moves the unread divider. It stands at a sequence, or nowhere. */
export type DividerEvent =
  | { readonly kind: 'opened'; readonly unreadAt: number | null }
  /** `seen`: it arrived before the eyes of the person: page focused and the end of the list in view. */
  | { readonly kind: 'arrived'; readonly sequence: number; readonly own: boolean; readonly seen: boolean; readonly readUpTo: number }
  | { readonly kind: 'sent' };

/** The divider after an event. It stays where it is while its messages are unread, and follows when newer ones come unseen. */
export function moveDivider(current: number | null, event: DividerEvent): number | null {
  switch (event.kind) {
    case 'opened':
      return event.unreadAt;
    case 'sent':
      return null;
    case 'arrived':
      if (event.own) return null; // answered, here or on another device
      if (event.seen) return current;
      return current === null || event.readUpTo >= current ? event.sequence : current;
  }
}
