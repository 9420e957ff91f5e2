import { sweepOutboxes } from '@chat/sdk/offline';
import { pushOwner } from '../notifications/pushOwner';
import { quietDevice } from '../notifications/quietDevice';
import { keptPrincipals } from './accountStore';
import { isEnded } from './endedAccounts';

/**
 * Takes away what accounts left here that nobody is signed in with any more: the unsent texts of a tab that was closed before it could delete
 * them, and what is still pushed. What waits of those whose session ended by itself stays until they are back. `meId` is signed in without being kept, where that is forbidden.
 */
export async function sweepLeftovers(meId: number | undefined): Promise<void> {
  const isHere = (principalId: number) => principalId === meId || keptPrincipals().includes(principalId);
  const owner = await pushOwner();
  if (owner !== null && !isHere(owner)) await quietDevice(owner);
  await sweepOutboxes((principalId) => isHere(principalId) || isEnded(principalId));
}
