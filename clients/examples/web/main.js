import { createClient, createTyping, signIn } from '@chat/sdk';
import { faultOf } from '../fault.js';

const url = new URLSearchParams(location.search).get('server') ?? 'http://127.0.0.1:8080';
const [form, state, chats, messages, composer] = ['sign-in', 'state', 'chats', 'messages', 'composer'].map((id) =>
  document.getElementById(id),
);
const made = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text, ...more });
let client;
let typing;
let chat;
let stop = () => {};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { login, password } = Object.fromEntries(new FormData(form));
  try {
    const session = await signIn({ url, login, password });
    client = createClient({ url, token: (why) => session.token(why) });
    typing = createTyping(client);
    client.on('state', ({ to }) => (state.textContent = to.kind));
    client.on('chats', showChats);
    client.on('error', (error) => (state.textContent = error.message));
    await client.connect();
    form.hidden = true;
  } catch (error) {
    state.textContent = faultOf(error, url);
  }
});

function showChats() {
  const button = ({ chatId, name, peerName, unread }) =>
    made('button', `${name ?? peerName}${unread > 0 ? ` (${unread})` : ''}`, {
      onclick: () => open(chatId),
      ariaCurrent: `${chatId === chat?.id}`,
    });
  chats.replaceChildren(...client.chats.items.map(button));
}

async function open(chatId) {
  stop();
  chat?.close();
  chat = client.chat(chatId);
  stop = chat.on('change', showMessages);
  composer.hidden = false;
  showChats();
  await chat.open().catch((error) => (state.textContent = error.message));
}

function showMessages() {
  const line = (item) => made('li', item.text ?? '(deleted)', { className: item.own ? 'own' : '', title: item.state ?? '' });
  messages.replaceChildren(...chat.messages.items.filter((item) => item.kind === 'message').map(line));
  messages.lastElementChild?.scrollIntoView();
  chat.markRead();
}

composer.addEventListener('input', () => typing.start(chat.id));
composer.addEventListener('submit', (event) => {
  event.preventDefault();
  chat.send({ text: composer.elements.text.value });
  composer.reset();
});
