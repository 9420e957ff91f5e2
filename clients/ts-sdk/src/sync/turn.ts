/** The longest that a client waits for its turn. */
const longestMs = 10_000;

/** How long to wait before asking about what many hear of at once: spread over a millisecond for each of them (protocol-spec.md §6.25). */
export function turnMs(random: () => number, listeners: number): number {
  return random() * Math.min(longestMs, listeners);
}
