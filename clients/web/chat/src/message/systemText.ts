import type { ChatItem } from '@chat/sdk';
import { durationText } from '../media/sizes';

/** Catalogue key of a system line, and which names it needs. `meId` turns a name into "you". */
export interface SystemText {
  readonly key: string;
  readonly actorId: number;
  readonly subjectId: number | null;
  readonly name: string;
}

/** `ofChannel`: it is of a channel, whose readers need not know who did it. */
export function systemText(item: ChatItem, meId: number, ofChannel = false): SystemText | null {
  const subjectId = item.subjectId ?? null;
  const line = (key: string): SystemText => ({ key: `system.${key}`, actorId: item.senderId, subjectId, name: item.text ?? '' });
  const byMe = item.senderId === meId;
  const aboutMe = subjectId === meId;
  switch (item.kind) {
    case 'chat_created':
      if (ofChannel) return line('channelCreated');
      if (!item.text) return line('chatStarted');
      return line(byMe ? 'createdYou' : 'created');
    case 'member_added':
      if (item.senderId === subjectId) return line(byMe ? 'joinedYou' : 'joined');
      return line(aboutMe ? 'addedYou' : byMe ? 'youAdded' : 'added');
    case 'member_removed':
      return line(aboutMe ? 'removedYou' : byMe ? 'youRemoved' : 'removed');
    case 'member_left':
      return line(byMe ? 'leftYou' : 'left');
    case 'renamed':
      return line(ofChannel ? 'channelRenamed' : byMe ? 'renamedYou' : 'renamed');
    case 'chat_info_changed':
      return line(ofChannel ? 'channelChanged' : byMe ? 'infoChangedYou' : 'infoChanged');
    case 'role_changed': {
      if (ofChannel && !aboutMe && !byMe) return line('channelRole');
      // Sender and subject are the same when the last admin left and the longest-standing member took over.
      if (item.senderId === subjectId || subjectId === null) return line(aboutMe ? 'becameAdminYou' : 'becameAdmin');
      const role = item.role === 'admin' ? 'Admin' : 'Member';
      return line(aboutMe ? `made${role}You` : byMe ? `youMade${role}` : `made${role}`);
    }
    case 'call':
      return callLine(item, byMe);
    case 'message':
    case 'edited':
    case 'deleted':
    case 'reaction':
    case 'pinned':
    case 'unpinned':
    case 'reader_removed':
    case 'chat_deleted': // the chat is gone from the page with it
    case 'unknown':
      return null;
  }
}

/** "voice ended 75": what it was, how it ended, and for how many seconds people talked, which is left out below one. Its subject is the call, and nobody's name. */
function callLine(item: ChatItem, byMe: boolean): SystemText | null {
  const [kind, how, seconds] = (item.text ?? '').split(' ');
  if (kind !== 'voice' && kind !== 'video') return null; // a later version's
  const talkedMs = how === 'ended' ? Number(seconds) * 1_000 : 0;
  const what = how === 'ended' ? (talkedMs > 0 ? 'Ended' : 'Short') : how === 'declined' ? 'Declined' : byMe ? 'Unanswered' : 'Missed';
  return {
    key: `system.${kind}${what}`,
    actorId: item.senderId,
    subjectId: null,
    name: talkedMs > 0 ? durationText(talkedMs) : '',
  };
}
