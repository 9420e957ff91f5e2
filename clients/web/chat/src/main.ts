import { createApp } from 'vue';
import App from './App.vue';
import './app.css';
import { i18n } from './i18n';
import { firstWords } from './i18n/firstWords';
import './offline/installPrompt';
import { router } from './router';

// public/locale.js has chosen before the first paint. While the page is made, `?locale=en-XA` shows what is not translated.
const asked = import.meta.env.DEV ? new URLSearchParams(location.search).get('locale') : null;
const place = document.getElementById('app') as HTMLElement;
void firstWords(asked ?? document.documentElement.lang, place, () => location.reload()).then((speaks) => {
  if (speaks) createApp(App).use(i18n).use(router).mount(place);
});
