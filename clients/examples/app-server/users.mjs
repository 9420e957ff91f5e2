// The app's own users and sign-ins. An app has these already, in its database.
import { randomBytes, randomUUID, scryptSync, timingSafeEqual } from 'node:crypto';

const lifetimeMs = 8 * 3600_000;
const user = (id, login, name, password) => {
  const salt = randomBytes(16);
  return { id, login, name, salt, hash: scryptSync(password, salt, 32) };
};

const users = [
  user('4711', 'ada', 'Ada', 'ada-password'),
  user('4712', 'bob', 'Bob', 'bob-password'),
  user('4713', 'cy', 'Cy', 'cy-password'),
];
const sessions = new Map();

export const everybody = () => users.map(({ id, name }) => ({ id, name }));

/** Signs a user in: the secret of the browser's cookie, or null. `sid` is what the chat is told of this sign-in: a name for it, and no secret. */
export function signIn(login, password) {
  const found = users.find((one) => one.login === login);
  const hash = scryptSync(String(password ?? ''), found?.salt ?? Buffer.alloc(16), 32); // the same work for nobody
  if (found === undefined || !timingSafeEqual(hash, found.hash)) return null;
  const secret = randomBytes(32).toString('base64url');
  sessions.set(secret, { user: found, sid: randomUUID(), endsAt: Date.now() + lifetimeMs });
  return secret;
}

export function findSession(secret) {
  const session = sessions.get(secret);
  if (session !== undefined && session.endsAt > Date.now()) return session;
  sessions.delete(secret);
  return null;
}

export const forgetSession = (secret) => sessions.delete(secret);
