import { type ChatSummary, type Contact, createPeople } from '@chat/sdk';
import { computed, onScopeDispose, type Ref, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { chatName, personName } from '../chat-list/chatText';
import { isUnread } from '../chat-list/menu/chatActions';
import { useConnection } from '../connection/useConnection';
import { useErrors } from '../connection/useErrors';
import { best } from './matching';
import { type Command, useCommands } from './useCommands';

/** One line of the palette: a chat, a person that one has no chat with, or a command. */
export type PaletteEntry =
  | { readonly kind: 'chat'; readonly key: string; readonly name: string; readonly chat: ChatSummary }
  | { readonly kind: 'person'; readonly key: string; readonly name: string; readonly contact: Contact }
  | { readonly kind: 'command'; readonly key: string; readonly name: string; readonly command: Command };

export interface PaletteGroup {
  readonly kind: PaletteEntry['kind'];
  readonly entries: readonly PaletteEntry[];
}

const MaxChats = 7;
const MaxPeople = 4;
const MaxCommands = 24;

export function usePalette(query: Readonly<Ref<string>>) {
  const { t } = useI18n();
  const router = useRouter();
  const { client, chats, server } = useConnection();
  const { toast } = useErrors();
  const commands = useCommands();
  const contacts = shallowRef<readonly Contact[]>([]);
  let left = false;
  onScopeDispose(() => {
    left = true;
  });

  async function loadContacts(): Promise<void> {
    try {
      const found = await createPeople(server).contacts();
      if (!left) contacts.value = found;
    } catch (fault) {
      if (!left) toast(fault); // chats and commands are there all the same
    }
  }
  void loadContacts();

  const nameOf = (chat: ChatSummary) => chatName(chat, t('chats.untitled'));
  // Without a word: what is unread first, then what was last spoken in.
  const inOrder = computed(() => [...chats.value.filter(isUnread), ...chats.value.filter((chat) => !isUnread(chat))]);
  const strangers = computed(() => {
    const peers = new Set(chats.value.map(({ peerId }) => peerId));
    return contacts.value.filter(({ principalId }) => !peers.has(principalId));
  });
  const groups = computed<PaletteGroup[]>(() => {
    const found: PaletteGroup[] = [
      {
        kind: 'chat',
        entries: best(inOrder.value, query.value, nameOf, MaxChats).map((chat) => ({
          kind: 'chat',
          key: `chat-${chat.chatId}`,
          name: nameOf(chat),
          chat,
        })),
      },
      {
        kind: 'person',
        entries: best(strangers.value, query.value, ({ name, ownName }) => `${ownName ?? ''} ${name}`, MaxPeople).map((contact) => ({
          kind: 'person',
          key: `person-${contact.principalId}`,
          name: personName(contact),
          contact,
        })),
      },
      {
        kind: 'command',
        entries: best(commands, query.value, ({ name }) => name, MaxCommands).map((command) => ({
          kind: 'command',
          key: `command-${command.id}`,
          name: command.name,
          command,
        })),
      },
    ];
    return found.filter(({ entries }) => entries.length > 0);
  });

  async function run(entry: PaletteEntry): Promise<void> {
    try {
      if (entry.kind === 'command') await entry.command.run();
      else {
        const id = entry.kind === 'chat' ? entry.chat.chatId : (await client.openDirect(entry.contact.principalId)).id;
        await router.push({ name: 'chat', params: { id } });
      }
    } catch (fault) {
      toast(fault);
    }
  }

  return { groups, run };
}
