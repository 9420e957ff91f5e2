import { createApp } from 'vue';
import App from './App.vue';
import './app.css';
import { i18n } from './i18n';
import './offline/installPrompt';
import { router } from './router';

createApp(App).use(i18n).use(router).mount('#app');
