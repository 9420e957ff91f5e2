import type { ChatItem } from '@chat/sdk';
import { describe, expect, it } from 'vitest';
import * as en from '../../src/i18n/en';
import { systemText } from '../../src/message/systemText';
import { item } from './item';

const event = (kind: ChatItem['kind'], senderId: number, rest: Partial<ChatItem> = {}) => {
  const { text: _, ...plain } = item(1, 0);
  return { ...plain, kind, senderId, ...rest };
};

describe('system lines', () => {
  it('speak of the reader as "you", from either side', () => {
    expect(systemText(event('member_added', 2, { subjectId: 1 }), 1)?.key).toBe('system.addedYou');
    expect(systemText(event('member_added', 1, { subjectId: 3 }), 1)?.key).toBe('system.youAdded');
    expect(systemText(event('member_added', 2, { subjectId: 3 }), 1)?.key).toBe('system.added');
    expect(systemText(event('member_added', 3, { subjectId: 3 }), 1)?.key).toBe('system.joined');
    expect(systemText(event('member_added', 1, { subjectId: 1 }), 1)?.key).toBe('system.joinedYou');
    expect(systemText(event('chat_info_changed', 3), 1)?.key).toBe('system.infoChanged');
    expect(systemText(event('role_changed', 2, { subjectId: 1, role: 'admin' }), 1)?.key).toBe('system.madeAdminYou');
  });

  it('tell a group from a direct chat by its name', () => {
    expect(systemText(event('chat_created', 2), 1)?.key).toBe('system.chatStarted');
    expect(systemText(event('chat_created', 2, { text: 'Team' }), 1)).toMatchObject({ key: 'system.created', name: 'Team' });
  });

  it('all stand in the catalogue', () => {
    const kinds = ['chat_created', 'member_added', 'member_removed', 'member_left', 'renamed', 'role_changed'] as const;
    for (const kind of kinds)
      for (const senderId of [1, 2, 3])
        for (const subjectId of [1, 3])
          for (const role of ['admin', 'member'] as const)
            for (const text of [undefined, 'Team']) {
              const found = systemText(event(kind, senderId, { subjectId, role, ...(text ? { text } : {}) }), 1);
              expect(Object.keys(en.system), kind).toContain(found?.key.replace('system.', ''));
            }
  });

  it('say how a call went', () => {
    const lines = (text: string) => [1, 2].map((senderId) => systemText(event('call', senderId, { subjectId: 70, text }), 1));
    expect(lines('voice missed 0').map((line) => line?.key)).toEqual(['system.voiceUnanswered', 'system.voiceMissed']);
    expect(lines('video ended 3675')[1]).toEqual({ key: 'system.videoEnded', actorId: 2, subjectId: null, name: '1:01:15' });
    expect(lines('voice ended 75 later')[0]).toMatchObject({ key: 'system.voiceEnded', name: '1:15' });
    expect(lines('video ended 0')[0]).toMatchObject({ key: 'system.videoShort', name: '' });
    expect(lines('hologram ended 1')).toEqual([null, null]);
    for (const kind of ['voice', 'video'])
      for (const how of ['ended', 'declined', 'missed'])
        for (const line of lines(`${kind} ${how} 0`)) expect(Object.keys(en.system)).toContain(line?.key.replace('system.', ''));
  });

  it('of a channel name nobody but oneself: its readers need not know who runs it', () => {
    const keyOf = (kind: ChatItem['kind'], rest: object = {}, senderId = 2) => systemText(event(kind, senderId, rest), 1, true)?.key;
    expect([keyOf('chat_created', { text: 'News' }), keyOf('renamed', { text: 'News' }), keyOf('chat_info_changed')]).toEqual([
      'system.channelCreated',
      'system.channelRenamed',
      'system.channelChanged',
    ]);
    expect(keyOf('role_changed', { subjectId: 3, role: 'admin' })).toBe('system.channelRole');
    expect(keyOf('role_changed', { subjectId: 1, role: 'admin' })).toBe('system.madeAdminYou');
    expect(keyOf('role_changed', { subjectId: 3, role: 'admin' }, 1)).toBe('system.youMadeAdmin');
  });

  it('are none for messages, for what is done to them, and for kinds of a later version', () => {
    for (const kind of ['message', 'edited', 'pinned', 'unknown'] as const) expect(systemText(event(kind, 2), 1)).toBeNull();
  });
});
