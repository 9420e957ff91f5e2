import { type Avatars, type ChatClient, type ChatSummary, createAvatars } from '@chat/sdk';
import { computed, onScopeDispose, type ShallowRef, shallowReactive } from 'vue';

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
  const askedAt = new Map<number, number>();
  const ofChats = computed(() => new Map(chats.value.map(({ chatId, details }) => [chatId, details.avatar])));

  async function ask(principalId: number): Promise<void> {
    askedAt.set(principalId, Date.now());
    try {
      people.set(principalId, await avatars.of(principalId));
    } catch {
      askedAt.delete(principalId); // initials do meanwhile; whoever shows it next asks again
    }
  }

  const stops = [
    client.on('people', ({ kind, principalId }) => {
      if (kind === 'profile') void ask(meId);
      else if (principalId !== null && askedAt.has(principalId)) void ask(principalId);
    }),
    client.on('state', ({ to }) => {
      if (to.kind === 'online') for (const principalId of people.keys()) void ask(principalId);
    }),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });

  return {
    referenceOf({ id, kind }: AvatarOf): string | null {
      if (kind !== 'direct') return ofChats.value.get(id) ?? client.chat(id).summary?.details.avatar ?? null;
      if (Date.now() - (askedAt.get(id) ?? 0) > FreshMs) void ask(id);
      return people.get(id) ?? null;
    },
    /** The file is not there for one, any more: what is shown may be another one by now. */
    refresh({ id, kind }: AvatarOf): void {
      if (kind === 'direct') void ask(id);
    },
    /** One has set one's own. */
    learnOwn(reference: string | null): void {
      people.set(meId, reference);
    },
  };
}
