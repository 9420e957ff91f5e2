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
    const { signal } = ending;
    const shown = (): void => {
      if (document.visibilityState === 'visible') handler('visible');
    };
    window.addEventListener('online', () => handler('online'), { signal });
    window.addEventListener('pageshow', shown, { signal });
    document.addEventListener('visibilitychange', shown, { signal });
    return () => ending.abort();
  },
};
