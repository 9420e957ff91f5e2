/** All of a list that comes page after page. */
export async function allPages<Page extends { readonly nextCursor: string | null }, T>(
  ask: (from: { readonly limit: number; readonly cursor?: string }) => Promise<Page>,
  itemsOf: (page: Page) => readonly T[],
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await ask({ limit: 100, ...(cursor !== null && { cursor }) });
    all.push(...itemsOf(page));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}
