// Mattermost's token against forged requests.

/** Mattermost wants it back in a header from whoever is logged in by cookie. */
export const csrfToken = () => /(?:^|;\s*)MMCSRF=([^;]*)/.exec(document.cookie)?.[1] ?? '';
