import { ChatError, createClient, createPeople, errorCodes } from '@chat/sdk';

const [form, state, people, messages, composer, leave] = ['sign-in', 'state', 'people', 'messages', 'composer', 'sign-out'].map((id) =>
  document.getElementById(id),
);
const made = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text, ...more });
let client;
let directory;
let chat;
let stop = () => {};

/** Asks the app, which knows by its cookie who is signed in. */
async function ask(method, path, body) {
  const answer = await fetch(path, { method, body: body && JSON.stringify(body) });
  const content = await answer.json();
  if (answer.status === 401) throw new ChatError(errorCodes.sign_in_required, content.error); // of no use to try again
  if (!answer.ok) throw new Error(content.error);
  return content;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    await ask('POST', '/sign-in', Object.fromEntries(new FormData(form)));
    await enter(await ask('GET', '/users'));
  } catch (error) {
    state.textContent = error.message;
  }
});

async function enter({ url, issuer, others }) {
  // Asked for again before a token ends, while the connection goes on; and when one is refused, which ends the sign-in.
  const access = { url, token: async (why) => (await ask('POST', '/chat-token', { why })).token };
  client = createClient(access);
  directory = createPeople(access);
  client.on('state', ({ to }) => (state.textContent = to.kind === 'online' ? `${client.me.name}: online` : (to.reason?.text ?? to.kind)));
  client.on('error', (error) => (state.textContent = error.message));
  await client.connect();
  form.hidden = true;
  leave.hidden = false;
  people.replaceChildren(...others.map(({ id, name }) => made('button', name, { onclick: () => open(`${issuer}:${id}`) })));
}

async function open(name) {
  try {
    const person = await directory.findPerson(name); // issuer:sub, the app's own ids
    if (person === null) throw new Error(`${name} was never here.`);
    stop();
    chat?.close();
    chat = await client.openDirect(person.principalId);
    stop = chat.on('change', showMessages);
    composer.hidden = false;
    await chat.open();
  } catch (error) {
    state.textContent = error.message;
  }
}

function showMessages() {
  const line = (item) => made('li', item.text ?? '(deleted)', { className: item.own ? 'own' : '', title: item.state ?? '' });
  messages.replaceChildren(...chat.messages.items.filter((item) => item.kind === 'message').map(line));
  messages.lastElementChild?.scrollIntoView();
  chat.markRead();
}

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  chat.send({ text: composer.elements.text.value });
  composer.reset();
});

leave.addEventListener('click', async () => {
  await client.close();
  await ask('POST', '/sign-out')
    .then(() => location.reload())
    .catch((error) => (state.textContent = error.message));
});
