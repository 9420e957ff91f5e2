import { describe, expect, test } from 'vitest';
import * as errorCodes from '../src/error-codes.js';
import { ChatError } from '../src/errors.js';
import * as localErrors from '../src/local-errors.js';
import { LiveReceipts } from '../src/receipts/receipts.js';

const answer = {
  items: [
    { principalId: 3, delivered: true, read: true, deliveredAt: '2026-05-01T12:00:00Z', readAt: '2026-05-01T12:04:00Z' },
    { principalId: 9, delivered: true, read: false, deliveredAt: null, readAt: null },
  ],
  delivered: 2,
  read: 1,
  members: 5,
  nextCursor: '9',
};

describe('who has a message', () => {
  test('is asked for by chat and sequence, page after page', async () => {
    const calls: unknown[] = [];
    const receipts = new LiveReceipts(async (...call) => {
      calls.push(call);
      return answer;
    });

    expect(await receipts.info(7, 12)).toEqual({ members: answer.items, deliveredCount: 2, readCount: 1, memberCount: 5, nextCursor: '9' });
    await receipts.info(7, 12, { cursor: '9', limit: 2 });

    expect(calls).toEqual([
      ['GET', '/api/messages/7-12/info'],
      ['GET', '/api/messages/7-12/info?cursor=9&limit=2'],
    ]);
  });

  test.each([errorCodes.not_sender, errorCodes.no_receipts])('%d is told by its code', async (code) => {
    const receipts = new LiveReceipts(() => Promise.reject(new ChatError(code, 'no')));
    await expect(receipts.info(7, 12)).rejects.toMatchObject({ code });
  });

  test.each([
    { ...answer, items: [{ ...answer.items[0], readAt: 7 }] },
    { ...answer, items: [{ ...answer.items[0], principalId: null }] },
    { ...answer, members: null },
    { ...answer, items: null },
  ])('a malformed answer is none %#', async (odd) => {
    await expect(new LiveReceipts(async () => odd).info(7, 12)).rejects.toMatchObject({ code: localErrors.malformed_answer });
  });
});
