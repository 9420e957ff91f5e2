import type { Reaction } from '@chat/sdk';
import { shallowRef } from 'vue';

/** Names that are told; of more only how many. */
const MostNamed = 10;

/** Who reacted to one message, asked for when somebody looks, and again when `asOf` tells of a change since. */
export function useReactors(ask: (sequence: number) => Promise<readonly Reaction[]>) {
  const reactors = shallowRef<readonly Reaction[]>([]);
  let known: number | null = null;

  async function look(sequence: number, asOf: number): Promise<void> {
    if (known === asOf) return;
    known = asOf;
    try {
      reactors.value = await ask(sequence);
    } catch {
      known = null; // the next look asks again; the count is there meanwhile
    }
  }

  /** The names behind an emoji, oneself first; of too many the rest as a number. */
  function names(emoji: string, meId: number, nameOf: (id: number) => string | undefined, you: string): { named: string[]; more: number } {
    const ids = reactors.value.filter((one) => one.emoji === emoji).map((one) => one.principalId);
    const named = ids.sort((a, b) => Number(b === meId) - Number(a === meId)).slice(0, MostNamed);
    return { named: named.flatMap((id) => (id === meId ? you : (nameOf(id) ?? []))), more: ids.length - named.length };
  }
  return { look, names };
}
