import type { ChatItem } from '@chat/sdk';
import { expect, it } from 'vitest';
import { nextVoice, viewable } from '../../src/media/mediaRoom';
import { item } from '../message/item';

const carrying = (sequence: number | null, kind: 'image' | 'video' | 'voice' | 'document', rest: Partial<ChatItem> = {}): ChatItem => ({
  ...item(sequence ?? 0, 0, { content: { kind, media: { blobId: `b${sequence}`, contentType: 'x/y', bytes: 1 } } }),
  sequence,
  ...rest,
});
const deleted = { changes: { deletedAtMs: 5 } } as Partial<ChatItem>;

it('pictures and films that are there can be looked at', () => {
  const items = [
    carrying(1, 'image'),
    item(2, 0),
    carrying(3, 'document'),
    carrying(4, 'video'),
    carrying(5, 'image', deleted),
    carrying(null, 'image'),
  ];
  expect(viewable(items).map(({ sequence }) => sequence)).toEqual([1, 4]);
});

it('after a voice message the next message is heard, if it is one, whatever happened in the group between', () => {
  const items = [
    carrying(1, 'voice'),
    item(2, 0, { kind: 'member_added' }),
    carrying(3, 'voice'),
    item(4, 0),
    carrying(5, 'voice'),
    carrying(6, 'voice', deleted),
  ];
  expect(nextVoice(items, 'b1')?.sequence).toBe(3);
  expect(nextVoice(items, 'b3')).toBeNull();
  expect(nextVoice(items, 'b5')).toBeNull();
  expect(nextVoice(items, 'elsewhere')).toBeNull();
});
