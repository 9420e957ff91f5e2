/** Where the service listens for connections. */
export function socketUrl(base: string): string {
  return new URL('/ws', base.replace(/^http/i, 'ws')).href;
}
