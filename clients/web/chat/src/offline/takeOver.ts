/** What the page says to a worker that waits, when the person wants the version that it brings. */
export const TakeOver = 'take over';
