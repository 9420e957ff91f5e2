/** A browser whose database does not answer keeps nobody from signing out. */
const AnswerMs = 2_000;

/** How many messages of an account wait on this device; none where that cannot be known. */
export async function unsentOf(principalId: number): Promise<number> {
  const late = new Promise<number>((resolve) => setTimeout(resolve, AnswerMs, 0));
  const counted = import('@chat/sdk/offline').then(({ countUnsent }) => countUnsent(principalId)).catch(() => 0);
  return Promise.race([counted, late]);
}
