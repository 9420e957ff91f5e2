import { speak } from '../src/i18n';

// The page has a language before it shows anything; so have the tests.
await speak('en');
