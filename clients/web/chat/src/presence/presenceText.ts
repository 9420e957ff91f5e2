/** What to say about who types. Names first, a number when there are many. */
export interface TypingText {
  readonly key: string;
  readonly params: { a?: string; b?: string; count?: number };
}

export function typingText(names: readonly string[], direct: boolean): TypingText | null {
  const [a, b] = names;
  if (a === undefined) return null;
  if (direct) return { key: 'presence.typing', params: {} };
  if (b === undefined) return { key: 'presence.typingOne', params: { a } };
  if (names.length === 2) return { key: 'presence.typingTwo', params: { a, b } };
  return { key: 'presence.typingMany', params: { count: names.length } };
}
