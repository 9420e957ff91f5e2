import { useConnection } from '../connection/useConnection';
import { useLayer } from '../ui/useLayer';
import { unsentOf } from './unsent';
import { useAccount } from './useAccount';
import { useLeave } from './useLeave';

/** Signs out here; asks before where something was not sent yet, for it is lost then. */
export function useSignOut(): () => Promise<void> {
  const { meId } = useConnection();
  const { signOut } = useAccount();
  const { leave } = useLeave();
  const { showLayer } = useLayer();
  return async () => {
    if ((await unsentOf(meId)) === 0) await leave(signOut);
    else showLayer('signOut');
  };
}
