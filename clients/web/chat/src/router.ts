import { createRouter, createWebHistory } from 'vue-router';
import { useAccount } from './account/useAccount';
import ChatShell from './ChatShell.vue';
import { loadOutbox } from './connection/outbox';
import { loadTabs } from './connection/tabs';
import { withWords } from './i18n';

export const router = createRouter({
  history: createWebHistory('/'),
  routes: [
    {
      path: '/',
      component: ChatShell,
      children: [
        { path: '', name: 'chats', component: () => import('./chat-list/PickChat.vue') },
        { path: 'statuses', name: 'statuses', component: () => withWords('statuses', () => import('./statuses/PickStatus.vue')) },
        { path: 'calls', name: 'calls', component: () => withWords('calls', () => import('./calls/PickCall.vue')) },
        { path: 'notices', name: 'notices', component: () => withWords('notices', () => import('./notices/PickNotice.vue')) },
        { path: 'join/:code', name: 'invite', component: () => withWords('joining', () => import('./joining/JoinView.vue')) },
        { path: 'channel/:handle', name: 'channel', component: () => withWords('joining', () => import('./joining/JoinView.vue')) },
        {
          path: 'settings/:section?',
          name: 'settings',
          component: () => withWords('settings', () => import('./settings/SettingsView.vue')),
        },
        { path: 'chat/:id(\\d+)', name: 'chat', component: () => withWords('chat', () => import('./conversation/ConversationView.vue')) },
      ],
    },
    { path: '/sign-in', name: 'sign-in', component: () => withWords(['passkeys', 'recovery'], () => import('./account/SignInView.vue')) },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});

router.beforeEach(async (to) => {
  const { session, restore } = useAccount();
  const loading = Promise.all([loadOutbox(), loadTabs()]);
  const { as, ...query } = to.query;
  await restore(Number(as));
  if (session.value) await loading;
  // A notification asks for the account that it is for.
  if (as) return session.value?.principalId === Number(as) ? { path: to.path, query } : { path: '/' };
  if (to.name === 'sign-in') return session.value ? { path: '/' } : true;
  return session.value ? true : { name: 'sign-in', query: to.path === '/' ? {} : { to: to.path } };
});
