import { Bell, BookUser, Eye, LockKeyhole, MonitorSmartphone, Palette, UserRound } from '@lucide/vue';
import type { Component } from 'vue';
import { withWords } from '../i18n';
import { lateView } from '../ui/lateView';

/** A part of the settings: `/settings/NAME`. Its title and what it is about are `settings.sections.NAME.title` and `.text`. */
export interface SettingsSection {
  readonly name: string;
  readonly icon: Component;
  /** Comes when it is wanted. */
  readonly view: Component;
}

/** In the order in which they are listed. */
export const sections: readonly SettingsSection[] = [
  {
    name: 'profile',
    icon: UserRound,
    view: lateView(() => withWords(['avatars', 'profile'], () => import('./profile/ProfileSection.vue'))),
  },
  { name: 'privacy', icon: Eye, view: lateView(() => withWords('privacy', () => import('./privacy/PrivacySection.vue'))) },
  { name: 'contacts', icon: BookUser, view: lateView(() => withWords('contacts', () => import('./contacts/ContactsSection.vue'))) },
  { name: 'devices', icon: MonitorSmartphone, view: lateView(() => withWords('devices', () => import('./devices/DevicesSection.vue'))) },
  {
    name: 'security',
    icon: LockKeyhole,
    view: lateView(() => withWords(['passkeys', 'security'], () => import('./security/SecuritySection.vue'))),
  },
  {
    name: 'notifications',
    icon: Bell,
    view: lateView(() => withWords('notifications', () => import('../notifications/NotificationsSection.vue'))),
  },
  { name: 'appearance', icon: Palette, view: lateView(() => import('./AppearanceSection.vue')) },
];
