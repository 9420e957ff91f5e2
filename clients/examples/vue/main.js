import { createClient, signIn } from '@chat/sdk';
import { provideChat, useChatList, useConnection, useDraft, useMessages, usePresence, useTyping, useUnread } from '@chat/sdk/vue';
import { createApp, ref, shallowRef, watch } from 'vue';
import { faultOf } from '../fault.js';

const url = new URLSearchParams(location.search).get('server') ?? 'http://127.0.0.1:8080';

const PeerPresence = {
  props: { id: { type: Number, required: true } },
  setup: (props) => ({ presence: usePresence(() => props.id) }),
  template: `<span>{{ presence?.online ? 'online' : 'away' }}</span>`,
};

const Conversation = {
  components: { PeerPresence },
  props: { summary: { type: Object, required: true } },
  setup(props) {
    const id = () => props.summary.chatId;
    const { client } = useConnection();
    const { items, isLoading, error } = useMessages(id);
    const { text, send } = useDraft(id);
    const { typists, start } = useTyping(id);
    const list = ref(null);
    function shown() {
      list.value?.lastElementChild?.scrollIntoView();
      client.chat(id()).markRead();
    }
    watch(items, shown, { flush: 'post' });
    return { list, items, isLoading, error, text, send, typists, start };
  },
  template: `
    <p><PeerPresence v-if="summary.peerId" :id="summary.peerId" /> <span v-if="typists.length">is typing …</span></p>
    <p v-if="error" role="alert">{{ error.message }}</p>
    <ol ref="list" aria-label="Messages" :aria-busy="isLoading">
      <template v-for="item in items" :key="item.clientMessageId ?? item.sequence">
        <li v-if="item.kind === 'message'" :class="{ own: item.own }" :title="item.state">{{ item.text ?? '(deleted)' }}</li>
      </template>
    </ol>
    <form @submit.prevent="send()"><input v-model="text" aria-label="Message" autocomplete="off" @input="start"><button>Send</button></form>`,
};

const Chats = {
  components: { Conversation },
  setup() {
    const { me, state } = useConnection();
    const { items } = useChatList();
    const { messages: unread } = useUnread();
    return { me, state, items, unread, chosen: ref(0) };
  },
  template: `
    <p role="status">{{ me?.name }}: {{ state.kind }}, {{ unread }} unread</p>
    <nav aria-label="Chats">
      <button v-for="chat in items" :key="chat.chatId" :aria-current="chat.chatId === chosen" @click="chosen = chat.chatId">
        {{ chat.name ?? chat.peerName }}<template v-if="chat.unread"> ({{ chat.unread }})</template>
      </button>
    </nav>
    <template v-for="chat in items" :key="chat.chatId"><Conversation v-if="chat.chatId === chosen" :summary="chat" /></template>`,
};

const SignedIn = {
  components: { Chats },
  props: { client: { type: Object, required: true } },
  setup: ({ client }) => provideChat(client),
  template: '<Chats />',
};

const App = {
  components: { SignedIn },
  setup() {
    const client = shallowRef(null);
    const fault = ref('');
    async function enter(event) {
      const { login, password } = Object.fromEntries(new FormData(event.target));
      try {
        const session = await signIn({ url, login, password });
        const made = createClient({ url, token: (why) => session.token(why) });
        await made.connect();
        client.value = made;
      } catch (error) {
        fault.value = faultOf(error, url);
      }
    }
    return { client, fault, enter };
  },
  template: `
    <h1>Chat in Vue</h1>
    <SignedIn v-if="client" :client="client" />
    <form v-else @submit.prevent="enter">
      <label>E-mail <input name="login" type="email" autocomplete="username" required value="anna@demo.example"></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required value="demo-password"></label>
      <button>Sign in</button>
      <p role="alert">{{ fault }}</p>
    </form>`,
};

createApp(App).mount('#app');
