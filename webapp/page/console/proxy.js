// What to write into a reverse proxy so that browsers let the trusted origins frame Mattermost.

/** @typedef {{title: string, text: string}} Lines */

/**
 * Only documents that carry `frame-ancestors` are changed, and only that directive: the rest of
 * Mattermost's policy differs from version to version, and the plugin's own files must keep none,
 * or WebAssembly could not compile in them.
 *
 * @param {string} mattermost canonical origin of Mattermost
 * @param {string[]} origins canonical, so that no character needs quoting
 * @returns {Lines[]}
 */
export function proxyLines(mattermost, origins) {
  const host = new URL(mattermost).host;
  const ancestors = `frame-ancestors 'self' ${origins.join(' ')}`;
  return [
    {
      title: 'nginx',
      text: [
        '# in the block "http"',
        'map $upstream_http_content_security_policy $mattermost_policy {',
        `    "~^(?<before>.*)frame-ancestors[^;]*(?<after>.*)$" "\${before}${ancestors}\${after}";`,
        '}',
        '',
        `# in the "location" of ${host} that leads to Mattermost's pages`,
        'proxy_hide_header X-Frame-Options;',
        'proxy_hide_header Content-Security-Policy;',
        'add_header Content-Security-Policy $mattermost_policy always;',
      ].join('\n'),
    },
    {
      title: 'Apache',
      text: [
        `# in the "VirtualHost" of ${host}, with mod_headers`,
        'Header unset X-Frame-Options',
        `Header edit Content-Security-Policy "frame-ancestors[^;]*" "${ancestors}"`,
      ].join('\n'),
    },
    {
      title: 'Caddy',
      text: [
        `# in the "reverse_proxy" of ${host}`,
        'header_down -X-Frame-Options',
        `header_down Content-Security-Policy "frame-ancestors[^;]*" "${ancestors}"`,
      ].join('\n'),
    },
  ];
}
