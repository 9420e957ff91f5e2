// What was shared, without a server, for `npx vite --mode fake`: nothing.
import type { Joining, Security } from '../../../../ts-sdk/src/index';

export function createJoining(): Pick<Joining, 'media'> {
  return { media: async () => ({ sequences: [], messages: [], nextCursor: null }) };
}

/** Nobody has a picture here. */
export const createAvatars = () => ({ of: async () => null });

/** Nothing is sent later here. */
export const createScheduled = () => ({ list: async () => ({ messages: [], nextCursor: null }) });
export const followScheduled = (): (() => void) => () => undefined;

export function createSecurity(): Pick<Security, 'twoStep'> {
  return { twoStep: async () => ({ enabled: true, recoveryCodesLeft: 2 }) };
}
