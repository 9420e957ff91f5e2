import { type Ref, ref } from 'vue';
import { useRouter } from 'vue-router';
import { useErrors } from '../connection/useErrors';

/** Ends a session, or all of them, and leads to where one signs in. */
export function useLeave(): { busy: Ref<boolean>; leave: (end: () => Promise<void>) => Promise<void> } {
  const router = useRouter();
  const { toast } = useErrors();
  const busy = ref(false);

  async function leave(end: () => Promise<void>): Promise<void> {
    busy.value = true;
    try {
      await end();
      await router.replace('/sign-in');
    } catch (fault) {
      toast(fault);
    } finally {
      busy.value = false;
    }
  }

  return { busy, leave };
}
