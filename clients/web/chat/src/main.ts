import { createApp } from 'vue';
import App from './App.vue';
import './app.css';
import { i18n, speak } from './i18n';
import './offline/installPrompt';
import { router } from './router';

// public/locale.js has chosen before the first paint. While the page is made, `?locale=en-XA` shows what is not translated.
const asked = import.meta.env.DEV ? new URLSearchParams(location.search).get('locale') : null;
void speak(asked ?? document.documentElement.lang).then(() => createApp(App).use(i18n).use(router).mount('#app'));
