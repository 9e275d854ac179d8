// What to write into a reverse proxy so that browsers let the trusted origins frame Mattermost.

/** @typedef {{title: string, text: string}} Lines */

/**
 * Only Mattermost's own pages are changed, and of their policy only `frame-ancestors`: the rest differs from version to
 * version. What else carries a policy keeps it (uploaded files say `Frame-ancestors 'none'`), and the plugin's own files
 * keep none, or WebAssembly could not compile in them. `X-Frame-Options` may stay: browsers ignore it beside
 * `frame-ancestors`.
 *
 * @param {string} mattermost canonical origin of Mattermost
 * @param {string[]} origins canonical, so that no character needs quoting
 * @returns {Lines[]}
 */
export function proxyLines(mattermost, origins) {
  const host = new URL(mattermost).host;
  const own = "frame-ancestors 'self'[^;]*";
  const ancestors = ["frame-ancestors 'self'", ...origins].join(' ');
  return [
    {
      title: 'nginx',
      text: [
        '# in the block "http"',
        'map $upstream_http_content_security_policy $mattermost_policy {',
        '    default $upstream_http_content_security_policy;',
        `    "~^(?<before>.*)${own}(?<after>.*)$" "\${before}${ancestors}\${after}";`,
        '}',
        '',
        `# in the "location" of ${host} that leads to Mattermost's pages. Where a location has an add_header, nginx drops`,
        '# those of the levels above it: repeat yours here, such as Strict-Transport-Security.',
        'proxy_hide_header Content-Security-Policy;',
        'add_header Content-Security-Policy $mattermost_policy always;',
      ].join('\n'),
    },
    {
      title: 'Apache',
      text: [`# in the "VirtualHost" of ${host}, with mod_headers`, `Header edit Content-Security-Policy "${own}" "${ancestors}"`].join(
        '\n',
      ),
    },
    {
      title: 'Caddy',
      text: [`# in the "reverse_proxy" of ${host}`, `header_down Content-Security-Policy "${own}" "${ancestors}"`].join('\n'),
    },
  ];
}
