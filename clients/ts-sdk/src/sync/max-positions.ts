import type { Welcome } from '../frames/replies.js';

const defaultPositions = 2_000;
/** The hello must fit a client's largest frame whatever the ids are. */
const positionBytes = 28;

/** How many positions the next hello may carry. */
export function maxPositions(welcome: Welcome | null): number {
  const { maxPositions = defaultPositions, maxFrameBytes = 65_536 } = welcome?.limits ?? {};
  return Math.min(maxPositions, Math.floor((maxFrameBytes - 4_500) / positionBytes));
}
