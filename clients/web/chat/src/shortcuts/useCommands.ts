import {
  CalendarClock,
  CheckCheck,
  CircleDashed,
  Keyboard,
  Link,
  LogOut,
  Megaphone,
  MessageCircle,
  Monitor,
  Moon,
  Phone,
  Settings,
  Star,
  Sun,
  UserPlus,
  Users,
} from '@lucide/vue';
import type { Component } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { useSignOut } from '../account/useSignOut';
import { sections } from '../settings/sections';
import { type Theme, useTheme } from '../theme/useTheme';
import { type Layer, useLayer } from '../ui/useLayer';
import type { Chord } from './chords';
import { chordOf } from './shortcuts';

export interface Command {
  readonly id: string;
  readonly name: string;
  readonly icon: Component;
  readonly chord?: Chord | undefined;
  run(): unknown;
}

const themeIcons: Readonly<Record<Theme, Component>> = { system: Monitor, light: Sun, dark: Moon };

/** What can be done from anywhere, by name. */
export function useCommands(): readonly Command[] {
  const { t } = useI18n();
  const router = useRouter();
  const { theme, choose } = useTheme();
  const signOut = useSignOut();
  const { showLayer } = useLayer();

  const layer = (id: Layer, name: string, icon: Component, chord?: Chord): Command => ({ id, name, icon, chord, run: () => showLayer(id) });
  const part = (id: string, name: string, icon: Component): Command => ({ id, name, icon, run: () => router.push({ name: id }) });
  return [
    layer('newChat', t('newChat.title'), UserPlus),
    layer('newGroup', t('newChat.groupTitle'), Users),
    layer('newChannel', t('newChat.channelTitle'), Megaphone),
    layer('join', t('newChat.joinTitle'), Link),
    part('chats', t('nav.chats'), MessageCircle),
    part('statuses', t('nav.statuses'), CircleDashed),
    part('calls', t('nav.calls'), Phone),
    layer('starred', t('starred.title'), Star),
    layer('scheduled', t('account.scheduled'), CalendarClock),
    layer('markAllRead', t('shortcuts.markAllRead'), CheckCheck, chordOf('markAllRead')),
    part('settings', t('account.settings'), Settings),
    ...sections.map(({ name, icon }) => ({
      id: `settings-${name}`,
      name: t('shortcuts.section', { name: t(`settings.sections.${name}.title`) }),
      icon,
      run: () => router.push({ name: 'settings', params: { section: name } }),
    })),
    ...(['system', 'light', 'dark'] as const)
      .filter((one) => one !== theme.value)
      .map((one) => ({
        id: `theme-${one}`,
        name: t('shortcuts.theme', { name: t(`theme.${one}`) }),
        icon: themeIcons[one],
        run: () => choose(one),
      })),
    layer('help', t('shortcuts.title'), Keyboard, chordOf('help')),
    { id: 'signOut', name: t('account.signOut'), icon: LogOut, run: signOut },
  ];
}
