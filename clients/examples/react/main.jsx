import '../page.css';
import { createClient, signIn } from '@chat/sdk';
import { ChatProvider, useChatList, useConnection, useDraft, useMessages, usePresence, useTyping, useUnread } from '@chat/sdk/react';
import { StrictMode, useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { faultOf } from '../fault.js';

const url = new URLSearchParams(location.search).get('server') ?? 'http://127.0.0.1:8080';

function PeerPresence({ id }) {
  return <span>{usePresence(id)?.online ? 'online' : 'away'}</span>;
}

function Conversation({ chatId, peerId }) {
  const { client } = useConnection();
  const { items, isLoading, error } = useMessages(chatId);
  const { text, setText, send } = useDraft(chatId);
  const { typists, start } = useTyping(chatId);
  const list = useRef(null);
  useEffect(() => {
    if (items.length === 0) return;
    list.current?.lastElementChild?.scrollIntoView();
    client.chat(chatId).markRead();
  }, [client, chatId, items]);

  function write(event) {
    setText(event.target.value);
    start();
  }

  function submit(event) {
    event.preventDefault();
    send();
  }

  return (
    <>
      <p>
        {peerId !== null && <PeerPresence id={peerId} />} {typists.length > 0 && <span>is typing …</span>}
      </p>
      {error && <p role="alert">{error.message}</p>}
      <ol ref={list} aria-label="Messages" aria-busy={isLoading}>
        {items
          .filter((item) => item.kind === 'message')
          .map((item) => (
            <li key={item.clientMessageId ?? item.sequence} className={item.own ? 'own' : ''} title={item.state}>
              {item.text ?? '(deleted)'}
            </li>
          ))}
      </ol>
      <form onSubmit={submit}>
        <input value={text} onChange={write} aria-label="Message" autoComplete="off" />
        <button type="submit">Send</button>
      </form>
    </>
  );
}

function Chats() {
  const { me, state } = useConnection();
  const { items } = useChatList();
  const { messages: unread } = useUnread();
  const [chosen, choose] = useState(0);
  const chat = items.find(({ chatId }) => chatId === chosen);
  return (
    <>
      <p role="status">
        {me?.name}: {state.kind}, {unread} unread
      </p>
      <nav aria-label="Chats">
        {items.map((one) => (
          <button type="button" key={one.chatId} aria-current={one.chatId === chosen} onClick={() => choose(one.chatId)}>
            {one.name ?? one.peerName}
            {one.unread > 0 && ` (${one.unread})`}
          </button>
        ))}
      </nav>
      {chat && <Conversation key={chosen} chatId={chosen} peerId={chat.peerId} />}
    </>
  );
}

function App() {
  const [client, setClient] = useState(null);
  const [fault, setFault] = useState('');

  async function enter(event) {
    event.preventDefault();
    const { login, password } = Object.fromEntries(new FormData(event.target));
    try {
      const session = await signIn({ url, login, password });
      const made = createClient({ url, token: (why) => session.token(why) });
      await made.connect();
      setClient(made);
    } catch (error) {
      setFault(faultOf(error, url));
    }
  }

  if (client !== null) {
    return (
      <ChatProvider client={client}>
        <Chats />
      </ChatProvider>
    );
  }
  return (
    <form onSubmit={enter}>
      <label>
        E-mail <input name="login" type="email" autoComplete="username" required defaultValue="anna@demo.example" />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required defaultValue="demo-password" />
      </label>
      <button type="submit">Sign in</button>
      <p role="alert">{fault}</p>
    </form>
  );
}

createRoot(document.getElementById('app')).render(
  <StrictMode>
    <h1>Chat in React</h1>
    <App />
  </StrictMode>,
);
