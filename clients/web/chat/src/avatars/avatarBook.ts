import { type Avatars, type ChatClient, type ChatSummary, createAvatars } from '@chat/sdk';
import { computed, onScopeDispose, ref, type ShallowRef, shallowReactive } from 'vue';

export type AvatarBook = ReturnType<typeof createAvatarBook>;

/** A person, for `direct`; else the group or channel itself. */
export interface AvatarOf {
  readonly id: number;
  readonly kind: ChatSummary['kind'];
}

/** That somebody has another picture nobody is told: it is asked for again when it is shown anew after this. */
const FreshMs = 10 * 60_000;

/** Which file is the picture of whom; reads follow later changes. People's are asked for when they are wanted first, chats say theirs. */
export function createAvatarBook(
  {
    client,
    chats,
    meId,
  }: {
    readonly client: Pick<ChatClient, 'on' | 'chat' | 'wire'>;
    readonly chats: Readonly<ShallowRef<readonly ChatSummary[]>>;
    readonly meId: number;
  },
  avatars: Avatars = createAvatars(client),
) {
  const people = shallowReactive(new Map<number, string | null>());
  /** When and in which epoch somebody's was asked for last. */
  const asked = new Map<number, { readonly at: number; readonly epoch: number }>();
  /** Grows with every connection: what is shown is asked for again, for what was missed. */
  const epoch = ref(0);
  /** Of each, what was learnt last: an answer to an older question is none any more. */
  const turns = new Map<number, number>();
  const ofChats = computed(() => new Map(chats.value.map(({ chatId, details }) => [chatId, details.avatar])));

  function nextTurn(principalId: number): number {
    const turn = (turns.get(principalId) ?? 0) + 1;
    turns.set(principalId, turn);
    return turn;
  }

  async function ask(principalId: number): Promise<void> {
    const mine = nextTurn(principalId);
    asked.set(principalId, { at: Date.now(), epoch: epoch.value });
    try {
      const reference = await avatars.of(principalId);
      if (turns.get(principalId) === mine) people.set(principalId, reference);
    } catch {
      if (turns.get(principalId) === mine) asked.delete(principalId); // initials do meanwhile; whoever shows it next asks again
    }
  }

  function isFresh(principalId: number): boolean {
    const last = asked.get(principalId);
    return last?.epoch === epoch.value && Date.now() - last.at <= FreshMs;
  }

  const stops = [
    client.on('people', ({ kind, principalId }) => {
      if (kind === 'profile') void ask(meId);
      else if (principalId !== null && asked.has(principalId)) void ask(principalId);
    }),
    client.on('state', ({ to }) => {
      if (to.kind === 'online') epoch.value += 1;
    }),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });

  return {
    referenceOf({ id, kind }: AvatarOf): string | null {
      if (kind !== 'direct') return ofChats.value.get(id) ?? client.chat(id).summary?.details.avatar ?? null;
      if (!isFresh(id)) void ask(id);
      return people.get(id) ?? null;
    },
    /** The file is not there for one, any more: what is shown may be another one by now. */
    refresh({ id, kind }: AvatarOf): void {
      if (kind === 'direct') void ask(id);
    },
    /** One has set one's own. */
    learnOwn(reference: string | null): void {
      nextTurn(meId);
      people.set(meId, reference);
    },
  };
}
