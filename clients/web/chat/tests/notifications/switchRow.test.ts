// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { createApp, defineComponent, h, nextTick, ref } from 'vue';
import SwitchRow from '../../src/notifications/SwitchRow.vue';

it('shows what is so when what it was asked for did not come to be', async () => {
  const disabled = ref(false);
  const wished: boolean[] = [];
  const props = { label: 'On', modelValue: true, 'onUpdate:modelValue': (on: boolean) => void wished.push(on) };
  const Host = defineComponent(() => () => h(SwitchRow, { ...props, disabled: disabled.value }));
  createApp(Host).mount(document.body.appendChild(document.createElement('div')));
  const box = document.querySelector('input') as HTMLInputElement;
  box.click();
  disabled.value = true;
  await nextTick();
  disabled.value = false;
  await nextTick();
  expect([wished, box.checked]).toEqual([[false], true]);
});
