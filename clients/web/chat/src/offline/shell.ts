/** What the page is made of, by the build: its paths on the server, and a version that is another one when one of them is. */
export interface Shell {
  readonly version: string;
  readonly paths: readonly string[];
}

/** How a request of the page is answered; null: as if there were no worker. */
export type Answer = 'page' | 'hashed' | 'plain' | null;

/** What comes first while the network is slow; then the page that is kept. */
export const PatienceMs = 4_000;
const Prefix = 'chat-shell-';
const Hashed = '/assets/';
/** What the server has beside the page. */
const NotPages = /^\/(api|docs|health|metrics|openapi|version|ws)(\/|$)/u;

/** As much of a request as is judged. */
export type Asked = Pick<Request, 'method' | 'mode' | 'url'>;

export function answerFor({ method, mode, url }: Asked, shell: Shell, origin: string): Answer {
  const { origin: to, pathname } = new URL(url);
  if (method !== 'GET' || to !== origin) return null;
  if (mode === 'navigate') return NotPages.test(pathname) || /\.\w+$/u.test(pathname) ? null : 'page';
  if (!shell.paths.includes(pathname)) return null;
  return pathname.startsWith(Hashed) ? 'hashed' : 'plain';
}

/** As much of the browser as is used. */
export interface Ground {
  readonly caches: Pick<CacheStorage, 'open' | 'keys' | 'delete'>;
  fetch(request: Request | string, init?: RequestInit): Promise<Response>;
  after(ms: number): Promise<void>;
}

/**
 * Keeps what the page is made of, so that it opens without a network; nothing that a person wrote or was sent. Every version has a cache of its
 * own, filled whole or not at all.
 */
export function createShellCache(shell: Shell, { caches, fetch, after }: Ground) {
  const name = Prefix + shell.version;
  const open = () => caches.open(name);

  async function fill(): Promise<void> {
    const wasThere = (await caches.keys()).includes(name); // a worker of this version answers with it
    const before = await Promise.all((await keptNames()).map((kept) => caches.open(kept)));
    const cache = await open();
    try {
      await Promise.all(
        shell.paths.map(async (path) => {
          if (path.startsWith(Hashed)) for (const old of before) if (await copy(old, cache, path)) return;
          const response = await fetch(path, { cache: path.startsWith(Hashed) ? 'default' : 'no-cache' });
          if (!response.ok || response.redirected) throw new Error(`${path} was answered with ${response.status}.`);
          await cache.put(path, response);
        }),
      );
    } catch (fault) {
      if (!wasThere) await caches.delete(name);
      throw fault; // the worker is not installed then, and the browser tries again
    }
  }

  async function keptNames(): Promise<string[]> {
    return (await caches.keys()).filter((kept) => kept.startsWith(Prefix) && kept !== name);
  }

  /** The network's answer, which is the newest; what is kept where there is none, or none in time. */
  async function fresh(request: Request, path: string): Promise<Response> {
    const coming = fetch(request);
    const kept = await (await open()).match(path);
    if (!kept) return coming;
    const inTime = await Promise.race([coming.catch(() => null), after(PatienceMs).then(() => null)]);
    return inTime === null || inTime.status >= 500 ? kept : inTime;
  }

  return {
    fill,
    /** Those of other versions. */
    async dropOthers(): Promise<void> {
      await Promise.all((await keptNames()).map((kept) => caches.delete(kept)));
    },
    async answer(request: Request, how: Exclude<Answer, null>): Promise<Response> {
      const { pathname } = new URL(request.url);
      if (how === 'hashed') return (await (await open()).match(pathname)) ?? fetch(request);
      return fresh(request, how === 'page' ? '/' : pathname);
    },
  };
}

async function copy(from: Cache, to: Cache, path: string): Promise<boolean> {
  const kept = await from.match(path);
  if (kept) await to.put(path, kept);
  return kept !== undefined;
}
