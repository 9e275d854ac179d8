// What the element says, in the reader's language.

/**
 * A failure: what is wrong, and what to do.
 * @typedef {{ title: string, advice: string }} Failure
 *
 * @typedef {Object} Texts
 * @property {string} chat the frame's name for screen readers
 * @property {string} loading
 * @property {string} allow the button that asks for the permission
 * @property {string} allowWhy
 * @property {string} again the button that loads the chat anew
 * @property {string} dismiss the button that closes a notice or a toast
 * @property {Record<Exclude<import('../types.js').ErrorCode, 'bad-message' | 'not-shown' | 'open-failed' | 'bad-frame'>, Failure>} failures
 */

/** @type {Record<string, Texts>} */
export const TEXTS = {
  en: {
    chat: 'Chat',
    loading: 'Loading the chat…',
    allow: 'Allow notifications',
    allowWhy: 'This page does not yet show you when somebody writes to you in the chat.',
    again: 'Try again',
    dismiss: 'Close',
    failures: {
      'bad-origin': {
        title: 'The address of the chat is not valid',
        advice: 'Whoever runs this page: give the whole address in “src”, such as https://chat.example.com.',
      },
      'insecure-chat': {
        title: 'The chat has no secure connection',
        advice: 'This page uses https, so browsers do not show a chat that uses http. Whoever runs the chat: set up https for it.',
      },
      forbidden: {
        title: 'This page does not allow the chat',
        advice: 'Whoever runs this page: add the address of the chat to “frame-src” in its Content-Security-Policy.',
      },
      redirected: {
        title: 'The chat leads somewhere else',
        advice:
          'Instead of the chat, another page of this site is shown. You may have to sign in again; if that does not help, tell whoever runs this page.',
      },
      unreachable: {
        title: 'The chat cannot be reached',
        advice: 'Check your network connection. If other pages work, the chat’s server may be down.',
      },
      'no-answer': {
        title: 'No notifications from the chat yet',
        advice:
          'If you see a sign-in form, sign in. Otherwise, whoever runs the chat: it must allow this page to embed it, and the plugin Notifymatters must be enabled and trust this page.',
      },
    },
  },
  de: {
    chat: 'Chat',
    loading: 'Der Chat wird geladen …',
    allow: 'Benachrichtigungen erlauben',
    allowWhy: 'Diese Seite zeigt noch nicht an, wenn Ihnen jemand im Chat schreibt.',
    again: 'Erneut versuchen',
    dismiss: 'Schließen',
    failures: {
      'bad-origin': {
        title: 'Die Adresse des Chats ist ungültig',
        advice: 'Für Betreiber dieser Seite: Geben Sie in „src“ die ganze Adresse an, etwa https://chat.example.com.',
      },
      'insecure-chat': {
        title: 'Der Chat hat keine sichere Verbindung',
        advice:
          'Diese Seite nutzt https; Browser zeigen darin keinen Chat, der http nutzt. Für Betreiber des Chats: Richten Sie dort https ein.',
      },
      forbidden: {
        title: 'Diese Seite lässt den Chat nicht zu',
        advice: 'Für Betreiber dieser Seite: Nehmen Sie die Adresse des Chats in „frame-src“ der Content-Security-Policy auf.',
      },
      redirected: {
        title: 'Der Chat führt auf eine andere Seite',
        advice:
          'Statt des Chats erscheint eine andere Seite dieser Website. Melden Sie sich neu an; hilft das nicht, wenden Sie sich an die Betreiber.',
      },
      unreachable: {
        title: 'Der Chat ist nicht erreichbar',
        advice: 'Prüfen Sie Ihre Netzwerkverbindung. Funktionieren andere Seiten, ist vermutlich der Server des Chats gestört.',
      },
      'no-answer': {
        title: 'Der Chat sendet noch keine Benachrichtigungen',
        advice:
          'Wenn Sie eine Anmeldung sehen, melden Sie sich an. Sonst, für Betreiber des Chats: Er muss das Einbetten in diese Seite erlauben, und das Plugin Notifymatters muss aktiviert sein und dieser Seite vertrauen.',
      },
    },
  },
};

/**
 * @param {Element} element
 * @returns {Texts}
 */
export function textsFor(element) {
  const named = element.closest('[lang]')?.getAttribute('lang') || navigator.language;
  return TEXTS[named.slice(0, 2).toLowerCase()] ?? TEXTS.en;
}
