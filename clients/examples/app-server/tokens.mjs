// Tokens of the chat for the app's own users (docs/own-users.md). Any library for JWTs does as well.
import { createHmac } from 'node:crypto';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Mints tokens as the issuer of this name, with the secret that the chat's operator has set for it. */
export function minter(issuer, secret, lifetimeSeconds = 600) {
  return ({ id, name }, sid) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: 'chat', sub: id, sid, name, iat: now, exp: now + lifetimeSeconds };
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  };
}
