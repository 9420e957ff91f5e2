/** What to tell a person whom the browser itself gave no passkey; null when it was not the browser. */
export function passkeyFault(fault: unknown): string | null {
  if (!(fault instanceof DOMException)) return null;
  if (fault.name === 'NotAllowedError' || fault.name === 'AbortError') return 'passkeys.notChosen'; // given up, too late, or none there: not told apart
  if (fault.name === 'InvalidStateError') return 'passkeys.hasOne';
  return 'passkeys.unsupported';
}

/** Where passkeys can be: not in a browser without them, and not at a plain address, such as 127.0.0.1, which is no domain. */
export function passkeysAreHere(supported: boolean, hostname: string): boolean {
  return supported && !/^[\d.]+$|:/u.test(hostname);
}
