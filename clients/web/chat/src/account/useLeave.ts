import { useRouter } from 'vue-router';
import { useErrors } from '../connection/useErrors';

/** Ends a session, or all of them, and leads to where one signs in. */
export function useLeave(): { leave: (end: () => Promise<void>) => Promise<void> } {
  const router = useRouter();
  const { toast } = useErrors();

  async function leave(end: () => Promise<void>): Promise<void> {
    try {
      await end();
      await router.replace('/sign-in');
    } catch (fault) {
      toast(fault);
    }
  }

  return { leave };
}
