import { createRouter, createWebHistory } from 'vue-router';
import { useAccount } from './account/useAccount';
import ChatShell from './ChatShell.vue';
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
        { path: 'join/:code', name: 'invite', component: () => withWords('joining', () => import('./joining/JoinView.vue')) },
        { path: 'channel/:handle', name: 'channel', component: () => withWords('joining', () => import('./joining/JoinView.vue')) },
        { path: 'chat/:id(\\d+)', name: 'chat', component: () => withWords('chat', () => import('./conversation/ConversationView.vue')) },
      ],
    },
    { path: '/sign-in', name: 'sign-in', component: () => import('./account/SignInView.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});

router.beforeEach(async (to) => {
  const { session, restore } = useAccount();
  await restore();
  if (to.name === 'sign-in') return session.value ? { path: '/' } : true;
  return session.value ? true : { name: 'sign-in', query: to.path === '/' ? {} : { to: to.path } };
});
