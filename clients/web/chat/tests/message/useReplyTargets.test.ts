// @vitest-environment happy-dom
import type { Chat, ChatEvent, ChatItem } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { effectScope, shallowRef } from 'vue';
import { useReplyTargets } from '../../src/message/useReplyTargets';

it('a target that was fetched is fetched anew when it is deleted or edited, and not for what happens elsewhere', async () => {
  let text = 'as it was';
  const history = vi.fn(async () => ({ events: [{ sequence: 3, kind: 'message', text }] }));
  let tell: (event: Partial<ChatEvent>) => void = () => undefined;
  const client = {
    on: (_: string, handler: (event: never) => void) => {
      tell = handler as typeof tell;
      return () => undefined;
    },
  };
  const scope = effectScope();
  const targets = scope.run(() => useReplyTargets({ id: 7, history } as unknown as Chat, client as never, shallowRef([])));
  if (!targets) throw new Error('the scope is active');
  const reply = { sequence: 90, replyTo: 3 } as ChatItem;
  const shown = () => targets.targetOf(reply)?.text;
  await vi.waitFor(() => expect(shown()).toBe('as it was'));

  text = 'This message was deleted';
  tell({ chatId: 7, kind: 'reaction', target: 3 });
  tell({ chatId: 8, kind: 'deleted', target: 3 });
  expect(shown()).toBe('as it was');
  tell({ chatId: 7, kind: 'deleted', target: 3 });
  await vi.waitFor(() => expect(shown()).toBe('This message was deleted'));
  expect(history).toHaveBeenCalledTimes(2);
  scope.stop();
});
