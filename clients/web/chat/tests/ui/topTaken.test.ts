import { expect, it } from 'vitest';
import { effectScope } from 'vue';
import { takeTop, topTaken } from '../../src/ui/topTaken';

it('the top is taken as long as one of the layers is there', () => {
  const [call, viewer] = [effectScope(), effectScope()];
  expect(topTaken.value).toBe(false);
  call.run(takeTop);
  viewer.run(takeTop);
  call.stop();
  expect(topTaken.value).toBe(true);
  viewer.stop();
  expect(topTaken.value).toBe(false);
});
