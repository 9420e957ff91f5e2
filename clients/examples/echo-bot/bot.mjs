// Answers every message of a direct chat with its own text, those too that came while it did not run:
// node bot.mjs --as chloe@demo.example [--password P] [--url http://127.0.0.1:8080]
import { parseArgs } from 'node:util';
import { createClient, localErrors, signIn } from '@chat/sdk';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({ options: { as: text(''), password: text('demo-password'), url: text('http://127.0.0.1:8080') } });
const { as: login, password, url } = values;
if (login === '') {
  console.error('Say as whom the bot answers: node bot.mjs --as chloe@demo.example');
  process.exit(2);
}

const mark = 'echo: ';
/** The last message that was answered, of each chat. */
const answered = new Map();

async function answer(event) {
  if (event.kind !== 'message' || event.own || event.text === undefined || event.text.startsWith(mark)) return; // two bots would never end
  if (event.sequence <= (answered.get(event.chatId) ?? 0)) return;
  answered.set(event.chatId, event.sequence);
  const chat = client.chat(event.chatId);
  await chat.send({ text: mark + event.text, replyTo: event.sequence }).sent;
  chat.markRead(event.sequence); // from here it goes on after a restart
}

function failed(error) {
  console.error(`-- ${error.message}`);
}

const session = await signIn({ url, login, password }).catch((error) => {
  console.error(error.code === localErrors.network ? `No chat server at ${url}: start ./chat up, or give --url URL` : error.message);
  process.exit(1);
});
const client = createClient({ url, token: (why) => session.token(why) });
client.on('error', failed);

// What comes before the unread messages are answered waits for them, so that each chat is answered in order.
let turn = client.connect().then(async () => {
  for (const { chatId, kind, unread, readUpTo } of client.chats.items) {
    if (kind !== 'direct' || unread === 0) continue;
    for (let after = readUpTo, more = true; more; ) {
      const page = await client.chat(chatId).history({ after, limit: 100 });
      for (const event of page.events) await answer(event).catch(failed);
      after = page.coversTo;
      more = page.hasMore;
    }
  }
  console.log(`-- ${client.me?.name} answers`);
});
client.on('message', (event) => {
  if (client.chat(event.chatId).summary?.kind === 'direct') turn = turn.then(() => answer(event)).catch(failed);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await turn;
    await client.close();
    await session.signOut();
  });
}
await turn;
