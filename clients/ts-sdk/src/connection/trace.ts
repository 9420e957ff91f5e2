import type { FrameTrace } from '../api.js';

const kept = 200;

/** Adds a frame that went by, without its content, to the last ones, the oldest first. */
export function trace(frames: FrameTrace[], frame: FrameTrace): void {
  frames.push(frame);
  if (frames.length > kept) frames.shift();
}
