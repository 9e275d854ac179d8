// What the plugin says, in the webmail's language.

const en = {
  notifications: 'Show the chat’s notifications, also while its tab is closed',
  autostart: 'Open the chat in the background when the webmail starts',
  onClick: 'A click on a notification',
  openChat: 'shows the message in the chat',
  stay: 'opens the message in the chat, but leaves me where I am',
  address: 'Address',
  state: 'Connection',
  states: {
    closed: 'The chat is not open.',
    waiting: 'The chat is asked to hand over its notifications.',
    connected: 'The chat hands over its notifications.',
    lost: 'The chat does not hand over its notifications yet. Are you signed in there?',
  },
  test: 'Show a test notification',
  testTitle: 'Test notification',
  testBody: 'This is how the chat tells you of messages.',
  shown: 'It was shown. If you did not see it, look at your system’s settings for notifications.',
  denied: 'Your browser does not let this page show notifications. You can allow it beside the page’s address.',
  impossible: 'Your browser cannot show notifications of a page.',
};

/** @type {typeof en} */
const de = {
  notifications: 'Benachrichtigungen des Chats anzeigen, auch wenn sein Reiter geschlossen ist',
  autostart: 'Den Chat beim Start des Webmailers im Hintergrund öffnen',
  onClick: 'Ein Klick auf eine Benachrichtigung',
  openChat: 'zeigt die Nachricht im Chat',
  stay: 'öffnet die Nachricht im Chat, ohne dorthin zu wechseln',
  address: 'Adresse',
  state: 'Verbindung',
  states: {
    closed: 'Der Chat ist nicht geöffnet.',
    waiting: 'Der Chat wird um seine Benachrichtigungen gebeten.',
    connected: 'Der Chat übergibt seine Benachrichtigungen.',
    lost: 'Der Chat übergibt seine Benachrichtigungen noch nicht. Sind Sie dort angemeldet?',
  },
  test: 'Testbenachrichtigung anzeigen',
  testTitle: 'Testbenachrichtigung',
  testBody: 'So meldet der Chat neue Nachrichten.',
  shown: 'Sie wurde angezeigt. Falls Sie nichts gesehen haben, prüfen Sie die Benachrichtigungen in den Einstellungen Ihres Systems.',
  denied: 'Ihr Browser erlaubt dieser Seite keine Benachrichtigungen. Sie können das neben der Adresse der Seite ändern.',
  impossible: 'Ihr Browser kann keine Benachrichtigungen einer Seite anzeigen.',
};

/** Such as `de`, of the webmail's `de_DE.UTF-8`. */
export const language = () => String(container.getSettingsModel().get('zarafa/v1/main/language') ?? 'en').slice(0, 2);

export const texts = () => (language() === 'de' ? de : en);
