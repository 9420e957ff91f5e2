/** Set, and taken away at once, by a tab that signs out: the others of its slot hear of it also where the service could not be told. */
const SignedOutKey = 'chat.signedOut';

export function tellSignedOut(slot: string): void {
  try {
    localStorage.setItem(SignedOutKey, slot);
    localStorage.removeItem(SignedOutKey);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // where nothing may be kept, no other tab goes on with the account
  }
}

/** Another tab signs out of this slot. Returns the function that ends it. */
export function onSignedOut(slot: string, handler: () => void): () => void {
  const heard = ({ key, newValue }: StorageEvent): void => {
    if (key === SignedOutKey && newValue === slot) handler();
  };
  addEventListener('storage', heard);
  return () => removeEventListener('storage', heard);
}
