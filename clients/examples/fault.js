import { localErrors } from '@chat/sdk';

/** What a page says of a sign-in that failed. A browser does not tell a server that is not there from one that does not let this page in. */
export function faultOf(error, url) {
  if (error.code !== localErrors.network) return error.message;
  return `No chat server at ${url} lets this page in: start ./chat up as README.md says, or open the page with ?server=URL`;
}
