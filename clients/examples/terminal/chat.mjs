// A chat in the terminal: node chat.mjs --as anna@demo.example --to ben@demo.example [--password P] [--url http://127.0.0.1:8080]
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createClient, createPeople, createTyping, localErrors, signIn } from '@chat/sdk';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: { as: text(''), to: text(''), password: text('demo-password'), url: text('http://127.0.0.1:8080') },
});
const { as: login, to, password, url } = values;
if (login === '' || to === '') {
  console.error('Say who you are and whom you write to: node chat.mjs --as anna@demo.example --to ben@demo.example');
  process.exit(2);
}

const session = await signIn({ url, login, password }).catch((error) => {
  console.error(error.code === localErrors.network ? `No chat server at ${url}: start ./chat up, or give --url URL` : error.message);
  process.exit(1);
});
const access = { url, token: (why) => session.token(why) };
const client = createClient(access);
client.on('state', ({ to: state }) => {
  if (state.kind === 'waiting') console.log('-- no connection; what you write is sent when it is back');
  if (state.kind === 'closed' && state.reason !== null) console.log(`-- ${state.reason.text}`);
});
client.on('error', (error) => console.log(`-- ${error.message}`));
await client.connect();

const person = await createPeople(access).findPerson(to);
if (person === null) {
  console.error(`There is no ${to}.`);
  process.exit(1);
}
const chat = await client.openDirect(person.principalId);
await chat.open({ window: 20 });

/** What was printed, by sequence: the window also tells of ticks, edits and reactions. */
let printed = 0;
function print() {
  for (const item of chat.messages.items) {
    if (item.sequence === null || item.sequence <= printed) continue;
    printed = item.sequence;
    if (item.kind === 'message') console.log(`${item.own ? 'me' : person.name}: ${item.text ?? '(deleted)'}`);
  }
  chat.markRead();
}
print();
chat.on('change', print);
const typing = createTyping(client, (id) => id === chat.id && typing.typists(id).length > 0 && console.log(`-- ${person.name} is typing`));
console.log(`-- you are ${client.me?.name}, writing to ${person.name}; Ctrl-D ends`);

const lines = createInterface({ input: process.stdin });
const sent = [];
lines.on(
  'line',
  (line) => line.trim() !== '' && sent.push(chat.send({ text: line }).sent.catch((error) => console.log(`-- not sent: ${error.message}`))),
);
lines.on('close', async () => {
  await Promise.all(sent); // what was written is stored before the program ends
  await client.close();
  await session.signOut();
});
