import type { RetryPolicy } from '../ports.js';

const firstMs = 250;
const capMs = 20_000;

/** Full jitter: anything from 0 to min(20 s, 0.25 s · 2^attempt). It never gives up. */
export const fullJitter: RetryPolicy = (attempt, random) => random() * Math.min(capMs, firstMs * 2 ** Math.min(attempt, 16));
