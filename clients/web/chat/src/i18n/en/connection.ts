export const connection = {
  connecting: 'Connecting…',
  reconnecting: 'Connection lost. Reconnecting…',
  waiting: 'No connection ({reason}). Trying again in {seconds} s.',
  offline: 'You are offline. Messages you write are sent when the connection is back.',
  offlineTitle: 'You are offline',
  offlineText: 'Your chats are shown when the connection is back.',
  closed: 'The connection was ended: {reason}.',
  signInAgain: 'Sign in again',
  unsent: {
    kept: 'An unsent message is kept until you sign in again. | {count} unsent messages are kept until you sign in again.',
    waits:
      'A message of {name} was not sent yet. It is kept here for seven days, and sent when {name} signs in again. | {count} messages of {name} were not sent yet. They are kept here for seven days, and sent when {name} signs in again.',
    title: 'Sign out with unsent messages?',
    text: 'A message was not sent yet. It is lost when you sign out. | {count} messages were not sent yet. They are lost when you sign out.',
  },
  reasons: {
    network: 'the server cannot be reached',
    server: 'the server is restarting',
    overloaded: 'the server is busy',
    storage: 'the server’s storage does not answer',
    slow: 'the connection was too slow',
    idle: 'the connection went silent',
    revoked: 'you were signed out',
    blocked: 'this account is blocked',
    token: 'your sign-in has expired',
    client: 'this page is out of date, reload it',
  },
} as const;
