export const notifications = {
  title: 'Notifications',
  device: 'On this device',
  intro:
    'Get notified of messages and calls while you do something else, even when this page is closed. Your browser asks for permission next; you can turn notifications off here at any time.',
  turnOn: 'Turn on notifications',
  on: 'Notifications on this device',
  reachAlways: 'You are notified of messages and calls, even while this page is closed.',
  reachOpen:
    'You are notified of messages and calls while this page is open somewhere. Notifications while it is closed are not available here now.',
  reachOther:
    'You are notified of messages and calls while this page is open. While it is closed, this browser notifies for another account that is signed in here.',
  tellHere: 'Notify for this account',
  tryAgain: 'Try again',
  denied:
    'Notifications are blocked for this page. Allow them in the browser’s settings of this site, then come back here. Until then, new messages are shown in the page only.',
  dismissed: 'The browser did not give permission. New messages are shown in the page only; you can try again.',
  unsupported: 'This browser shows no notifications for this page. On an iPhone or iPad, add the page to the home screen first.',
  content: 'What a notification shows',
  contents: {
    full: 'Who wrote, and what',
    sender: 'Only who wrote',
    none: 'Only that there is something new',
  },
  page: 'In the page',
  sounds: 'A sound for new messages',
  soundsText: 'While the page is open. Muted chats stay silent.',
  muted: 'Muted chats',
  mutedNone: 'No chat is muted. You can mute one from its menu in the list of chats.',
  unmute: 'Unmute',
  unmuteName: 'Unmute {name}',
  app: 'App',
  install: 'Install as an app',
  installText: 'It gets a window and an icon of its own, and opens without a network.',
  installed: 'This is the installed app.',
  update: 'There is a new version of this page.',
  reload: 'Reload',
  later: 'Later',
} as const;
