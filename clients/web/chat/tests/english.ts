import { i18n, speak, withWords } from '../src/i18n';

// The page has a language before it shows anything, and the words of a chat before it shows one; so have the tests. What is shown without its words is a fault.
i18n.global.setMissingHandler((_, key) => {
  throw new Error(`The words of ${key} are not there. Are they of a section that comes later, and was the view loaded without them?`);
});
await speak('en');
await withWords('chat', async () => null);
