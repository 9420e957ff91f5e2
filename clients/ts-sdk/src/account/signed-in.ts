import * as errorCodes from '../error-codes.js';
import { asChatError } from '../errors.js';
import type { TokenReason } from '../ports.js';
import { callRest, type RestRequest } from './rest.js';

/** A REST call with the session's token; a refused token is replaced and the call made once more. */
export async function callSignedIn(url: string, token: (why: TokenReason) => Promise<string>, request: RestRequest): Promise<unknown> {
  try {
    return await callRest(url, { ...request, token: await token('connect') });
  } catch (thrown) {
    if (!isTokenFault(thrown)) throw thrown;
    return await callRest(url, { ...request, token: await token('rejected') });
  }
}

function isTokenFault(thrown: unknown): boolean {
  const { code } = asChatError(thrown);
  return code === errorCodes.sign_in_required || code === errorCodes.token_invalid;
}
