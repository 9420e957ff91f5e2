import { expect, it } from 'vitest';
import { effectScope } from 'vue';
import { leaveLevel, useLevel } from '../../src/ui/levels';

it('what came last is left first, and what is gone is not left again', () => {
  const left: string[] = [];
  const [chat, panel] = [effectScope(), effectScope()];
  chat.run(() => useLevel(() => left.push('chat')));
  panel.run(() => useLevel(() => left.push('panel')));
  leaveLevel();
  panel.stop();
  leaveLevel();
  chat.stop();
  leaveLevel();
  expect(left).toEqual(['panel', 'chat']);
});
