import type { Clock, Logger, WakeSignals } from './ports.js';

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

export const silentLogger: Logger = { warn() {} };

/** The page's own signals; none where there is no page. */
export const pageSignals: WakeSignals = {
  listen(handler) {
    if (typeof document === 'undefined') return () => {};
    const ending = new AbortController();
    const untilEnd = { signal: ending.signal };
    const shown = (): void => {
      if (document.visibilityState === 'visible') handler('visible');
    };
    window.addEventListener('online', () => handler('online'), untilEnd);
    window.addEventListener('pageshow', shown, untilEnd);
    document.addEventListener('visibilitychange', shown, untilEnd);
    return () => ending.abort();
  },
};
