// Each combination of headers, cookies and settings, and what the check makes of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { configurationOf } from '../../page/console/answers.js';
import { corrected, generalFindings, isOpen, judge, originFindings } from '../../page/console/findings.js';

const OWN_POLICY = "frame-ancestors 'self' ; script-src 'self'";

/** A Mattermost 11 at its best, with one trusted origin of the same site. */
function facts(/** @type {any} */ changes = {}) {
  return {
    report: {
      version: '1.0.0',
      stored: 'https://mail.example.com',
      mattermost: { origin: 'https://chat.example.com', registrable_domain: 'example.com', context: 'https' },
      trusted_origins: [origin()],
      problems: [],
      omitted: 0,
      asked: { answered: [], refused: [] },
      ...changes.report,
    },
    configuration: configurationOf(
      changes.config ?? {
        ServiceSettings: {
          SiteURL: 'https://chat.example.com',
          FrameAncestors: 'https://mail.example.com',
          EnableDesktopLandingPage: false,
          AllowCorsFrom: '',
          ...changes.service,
        },
        ExperimentalSettings: { RestrictSystemAdmin: changes.restricted ?? false },
        PluginSettings: { Plugins: { notifymatters: changes.settings ?? { trustedorigin: 'https://mail.example.com' } } },
      },
      // What a server without environment variables answers.
      changes.environment ?? null,
      'https://chat.example.com',
      'notifymatters',
    ),
    seen: {
      page:
        changes.page === undefined
          ? { policy: "frame-ancestors 'self' https://mail.example.com; script-src 'self'", frameOptions: 'SAMEORIGIN' }
          : changes.page,
      realm: changes.realm === undefined ? { policy: null, frameOptions: null } : changes.realm,
      connects: changes.connects ?? true,
      webAssembly: changes.webAssembly ?? true,
      embeddedLogin: changes.embeddedLogin ?? false,
    },
    draft: changes.draft ?? null,
  };
}

function origin(/** @type {any} */ changes = {}) {
  return {
    origin: 'https://mail.example.com',
    relation: 'same_site',
    registrable_domain: 'example.com',
    context: 'https',
    cookies: 'reach',
    ...changes,
  };
}

/**
 * @param {string} id
 * @param {any} changes of the facts
 * @param {any} [report] changes of the origin
 */
function finding(id, changes, report) {
  const all = facts(changes);
  const found = [...generalFindings(all), ...originFindings(origin(report), all)].find((one) => one.id === id);
  assert.ok(found, id);
  return found;
}

/** @type {(found: import('../../page/console/findings.js').Finding) => string[]} */
const told = ({ level, says, advice = [] }) => [level, says.key, ...advice.map(({ key }) => key)];

test('where all is well nothing is to be done', () => {
  const all = facts();
  const findings = [...generalFindings(all), ...originFindings(origin(), all)];
  assert.deepEqual([...new Set(findings.map(({ level }) => level))], ['good']);
  assert.ok(findings.every(({ remedy }) => remedy === undefined));
});

test('no origin at all', () => {
  assert.deepEqual(told(finding('origins', { report: { trusted_origins: [] } })), ['problem', 'no_origins', 'write_example']);
});

test('an origin with a path is put right in the field', () => {
  const problem = { code: 'path', text: 'https://Mail.Example.com/webapp/', write: 'https://mail.example.com', sentence: '' };
  const found = finding('problem-0', { report: { trusted_origins: [], problems: [problem] } });
  assert.deepEqual(told(found), ['problem', 'problem_path', 'write_instead']);
  assert.deepEqual(found.remedy, { kind: 'field', wrong: problem.text, right: problem.write });
});

test('what cannot be guessed has no button', () => {
  const problem = { code: 'wildcard', text: 'https://*.example.com', sentence: '' };
  const found = finding('problem-0', { report: { problems: [problem] } });
  assert.deepEqual(told(found), ['problem', 'problem_wildcard', 'write_example']);
  assert.equal(found.remedy, undefined);
});

test('a Site URL that is missing or written otherwise than the address in use', () => {
  assert.deepEqual(told(finding('site-url', { service: { SiteURL: '' } })), ['problem', 'site_url_missing', 'site_url_write']);
  assert.deepEqual(told(finding('site-url', { service: { SiteURL: 'https://Chat.example.com:443/sub' } })), ['good', 'site_url_same']);
});

test('at a second address no notification ever comes, unless AllowCorsFrom lets its WebSocket in', () => {
  const service = { SiteURL: 'https://talk.example.com' };
  const refused = facts({ service, connects: false });
  const found = generalFindings(refused).filter(({ id }) => id === 'site-url' || id === 'web-socket');
  assert.deepEqual(found.map(told), [['problem', 'site_url_refused', 'site_url_use', 'site_url_cors']]);
  // Whatever the settings say, this browser saw that it works.
  assert.deepEqual(told(finding('site-url', { service })), ['note', 'site_url_differs']);
  for (const AllowCorsFrom of ['*', 'https://other.example.com https://chat.example.com']) {
    // Not the settings keep it out then.
    const allowed = { service: { ...service, AllowCorsFrom }, connects: false };
    assert.deepEqual(told(finding('site-url', allowed)), ['note', 'site_url_differs'], AllowCorsFrom);
    assert.deepEqual(told(finding('web-socket', allowed)), ['problem', 'web_socket_blocked', 'web_socket_proxy']);
  }
});

test('a Site URL with a default port is a second address where the WebSocket is refused', () => {
  const service = { SiteURL: 'https://chat.example.com:443/sub' };
  assert.deepEqual(told(finding('site-url', { service, connects: false })), [
    'problem',
    'site_url_refused',
    'site_url_use',
    'site_url_cors',
  ]);
  const blocked = { service: { SiteURL: 'https://Chat.example.com/sub' }, connects: false };
  assert.equal(finding('site-url', blocked).level, 'good');
  assert.deepEqual(told(finding('web-socket', blocked)), ['problem', 'web_socket_blocked', 'web_socket_proxy']);
});

test('a WebSocket that does not get through is a problem, whatever else is good', () => {
  assert.deepEqual(told(finding('web-socket', {})), ['good', 'web_socket_open']);
  const blocked = finding('web-socket', { connects: false });
  assert.deepEqual(told(blocked), ['problem', 'web_socket_blocked', 'web_socket_proxy']);
  assert.deepEqual(blocked.says.values, { address: 'wss://chat.example.com/api/v4/websocket' });
});

test('a page that any site may frame is a warning', () => {
  const none = { policy: null, frameOptions: null };
  // Mattermost names the right pages, and a proxy takes that away.
  assert.deepEqual(told(finding('strangers', { page: none })), ['warning', 'strangers_no_header', 'strangers_proxy']);
  assert.equal(finding('strangers', { page: none }).remedy, undefined);
  // It has to name them first.
  const unnamed = finding('strangers', { page: none, service: { FrameAncestors: '' } });
  assert.deepEqual(unnamed.remedy, {
    kind: 'setting',
    section: 'ServiceSettings',
    key: 'FrameAncestors',
    from: '',
    to: 'https://mail.example.com',
  });
  // Without the setting the proxy has to.
  const old = finding('strangers', { page: none, config: { ServiceSettings: {} } });
  assert.deepEqual(told(old), ['warning', 'strangers_no_header', 'strangers_lines']);
  assert.equal(old.remedy?.kind, 'copy');
  for (const page of [
    { policy: 'frame-ancestors *', frameOptions: 'SAMEORIGIN' },
    { policy: "frame-ancestors 'self' https:", frameOptions: null },
    // No browser knows it.
    { policy: "script-src 'self'", frameOptions: 'ALLOW-FROM https://mail.example.com' },
  ]) {
    assert.deepEqual(told(finding('strangers', { page })), ['warning', 'strangers_headers', 'strangers_proxy'], JSON.stringify(page));
  }
  assert.ok(!generalFindings(facts({ page: null })).some(({ id }) => id === 'strangers'));
});

test("what lets any site in is taken out of Mattermost's own setting", () => {
  const changes = {
    page: { policy: "frame-ancestors 'self' https://a.example *", frameOptions: null },
    service: { FrameAncestors: 'https://a.example *' },
  };
  const found = finding('strangers', changes);
  assert.deepEqual(told(found), ['warning', 'strangers_headers', 'strangers_setting']);
  assert.ok(found.remedy?.kind === 'setting');
  assert.equal(found.remedy.to, 'https://a.example https://mail.example.com');
  const fixed = finding('strangers', { ...changes, environment: { ServiceSettings: { FrameAncestors: true } } });
  assert.deepEqual(told(fixed), ['warning', 'strangers_headers', 'strangers_setting', 'environment']);
});

test('origins that the environment sets are mended there, and no Save is promised', () => {
  const environment = { PluginSettings: { Plugins: true } };
  assert.deepEqual(told(finding('origins-environment', { environment })), ['note', 'origins_environment', 'origins_environment_entry']);
  const problem = { code: 'path', text: 'https://mail.example.com/webapp/', write: 'https://mail.example.com', sentence: '' };
  const draft = `https://a.example ${problem.text}`;
  const changes = { environment, draft, report: { problems: [problem] } };
  const found = finding('origins-environment', changes);
  assert.equal(found.level, 'warning');
  assert.equal(found.says.values?.variable, 'MM_PLUGINSETTINGS_PLUGINS');
  assert.deepEqual(found.remedy, {
    kind: 'copy',
    blocks: [
      { title: 'MM_PLUGINSETTINGS_PLUGINS', text: '"notifymatters": {"trustedorigin":"https://a.example https://mail.example.com"}' },
    ],
  });
  assert.equal(finding('problem-0', changes).remedy, undefined);
  assert.ok(!generalFindings(facts({ environment: { PluginSettings: { Enable: true } } })).some(({ id }) => id === 'origins-environment'));
});

test('a key that was written by hand is named, and moves into the field', () => {
  const found = finding('spelling', { settings: { TrustedOrigin: 'https://mail.example.com https://b.example' } });
  assert.deepEqual(told(found), ['warning', 'spelling_hidden', 'spelling_take_over']);
  assert.deepEqual(found.remedy, { kind: 'field', wrong: '', right: 'https://mail.example.com https://b.example' });
  assert.equal(corrected('', '', 'https://mail.example.com https://b.example'), 'https://mail.example.com https://b.example');
  const old = { TrustedOrigin: 'https://old.example.com', trustedorigin: 'https://mail.example.com' };
  const stale = finding('spelling', { settings: old });
  assert.deepEqual(told(stale), ['warning', 'spelling_two', 'spelling_remove']);
  assert.deepEqual(stale.says.values, { key: 'TrustedOrigin', value: 'https://old.example.com' });
  assert.equal(finding('spelling', { settings: { ...old, TrustedOrigin: 'https://mail.example.com' } }).level, 'note');
});

test('what is wrong comes first, and where nothing is wrong the order stays', () => {
  const bad = origin({ origin: 'https://bad.example.com', context: 'insecure' });
  const page = { policy: "frame-ancestors 'self' https://*.example.com; script-src 'self'", frameOptions: null };
  const trusted_origins = [origin(), origin({ origin: 'https://b.example.com' }), bad];
  const groups = judge(facts({ page, report: { trusted_origins } }));
  assert.deepEqual(
    groups.map(({ report }) => report?.origin),
    ['https://bad.example.com', undefined, 'https://mail.example.com', 'https://b.example.com'],
  );
  assert.deepEqual(
    groups[0].findings.map(({ level }) => level),
    ['problem', 'good', 'good', 'good'],
  );
  assert.equal(
    groups
      .slice(1)
      .flatMap(({ findings }) => findings)
      .filter(isOpen).length,
    0,
  );
});

test('what a newer server part says and this script does not know is left out', () => {
  const groups = judge(facts({ report: { trusted_origins: [origin({ cookies: 'partitioned' })] } }));
  assert.deepEqual(
    groups.flatMap(({ findings }) => findings).filter(({ id }) => id === 'session'),
    [],
  );
});

test('a landing page is switched off by a button, or where the environment sets it', () => {
  const on = { EnableDesktopLandingPage: true };
  assert.deepEqual(finding('landing-page', { service: on }).remedy, {
    kind: 'setting',
    section: 'ServiceSettings',
    key: 'EnableDesktopLandingPage',
    from: true,
    to: false,
  });
  const fixed = finding('landing-page', { service: on, environment: { ServiceSettings: on } });
  assert.deepEqual(told(fixed), ['warning', 'landing_page_on', 'environment']);
  assert.equal(fixed.remedy?.kind, 'copy');
});

test('a server without the setting says nothing of the landing page', () => {
  assert.ok(!generalFindings(facts({ config: { ServiceSettings: {} } })).some(({ id }) => id === 'landing-page'));
});

test("an origin that Mattermost's setting lacks is added to what is there", () => {
  const page = { policy: OWN_POLICY, frameOptions: 'SAMEORIGIN' };
  const found = finding('framing', { page, service: { FrameAncestors: ' https://a.example  https://b.example ' } });
  assert.deepEqual(told(found), ['problem', 'framing_policy', 'framing_add']);
  assert.deepEqual(found.remedy, {
    kind: 'setting',
    section: 'ServiceSettings',
    key: 'FrameAncestors',
    from: ' https://a.example  https://b.example ',
    to: 'https://a.example https://b.example https://mail.example.com',
  });
});

test('a setting of the environment, or closed to the administrator, is said to be so', () => {
  const page = { policy: OWN_POLICY, frameOptions: null };
  const environment = { ServiceSettings: { FrameAncestors: true } };
  const fixed = finding('framing', { page, service: { FrameAncestors: '' }, environment });
  assert.deepEqual(told(fixed), ['problem', 'framing_policy', 'environment']);
  assert.deepEqual(fixed.remedy, {
    kind: 'copy',
    blocks: [{ title: 'MM_SERVICESETTINGS_FRAMEANCESTORS', text: 'MM_SERVICESETTINGS_FRAMEANCESTORS="https://mail.example.com"' }],
  });
  const closed = finding('framing', { page, service: { FrameAncestors: '' }, restricted: true });
  assert.deepEqual(told(closed), ['problem', 'framing_policy', 'restricted']);
  assert.equal(closed.remedy?.kind, 'copy');
});

test('a server without the setting, and a proxy that overrules it, get lines for the proxy', () => {
  const page = { policy: OWN_POLICY, frameOptions: 'SAMEORIGIN' };
  const old = finding('framing', { page, config: { ServiceSettings: { SiteURL: '' } } });
  assert.deepEqual(told(old), ['problem', 'framing_policy', 'framing_no_setting', 'proxy_inheritance']);
  const overruled = finding('framing', { page: { policy: null, frameOptions: 'SAMEORIGIN' } });
  assert.deepEqual(told(overruled), ['problem', 'framing_options', 'framing_proxy', 'proxy_inheritance']);
  for (const { remedy } of [old, overruled]) {
    assert.ok(remedy?.kind === 'copy');
    assert.deepEqual(
      remedy.blocks.map(({ title }) => title),
      ['nginx', 'Apache', 'Caddy'],
    );
    for (const { text } of remedy.blocks) {
      assert.match(text, /frame-ancestors 'self' https:\/\/mail\.example\.com/);
      assert.match(text, /chat\.example\.com/);
    }
    // An add_header in a location ends the others' effect, and what has no frame-ancestors keeps its policy.
    assert.match(remedy.blocks[0].text, /drops\n# those .*Strict-Transport-Security/);
    assert.match(remedy.blocks[0].text, /default \$upstream_http_content_security_policy;/);
  }
});

test('a page that could not be read is no problem that we know', () => {
  assert.deepEqual(told(finding('framing', { page: null })), ['warning', 'framing_unread', 'framing_look']);
});

test('another site needs one domain, or an embedded login', () => {
  const report = { relation: 'cross_site', registrable_domain: 'example.net', cookies: 'need_embedded_login' };
  assert.deepEqual(told(finding('session', {}, report)), [
    'problem',
    'session_lost',
    'session_one_site',
    'embedded_login_missing',
    'embedded_login_partitioned',
  ]);
  assert.deepEqual(told(finding('session', { embeddedLogin: true }, report)), [
    'warning',
    'session_lost',
    'session_one_site',
    'embedded_login_here',
    'embedded_login_partitioned',
  ]);
});

test('another scheme, no https, an application, one origin', () => {
  assert.deepEqual(told(finding('session', {}, { relation: 'other_scheme', cookies: 'need_embedded_login' })), [
    'problem',
    'session_other_scheme',
    'session_use_https',
    'embedded_login_missing',
    'embedded_login_partitioned',
  ]);
  assert.deepEqual(told(finding('session', {}, { relation: 'cross_site', cookies: 'never_reach' })), [
    'problem',
    'session_lost',
    'session_https',
    'session_one_site',
  ]);
  assert.deepEqual(told(finding('session', {}, { cookies: 'application' })), ['note', 'session_application']);
  assert.deepEqual(told(finding('session', {}, { relation: 'same_origin' })), ['good', 'session_same_origin']);
});

test('notifications need https on the page that shows them', () => {
  assert.deepEqual(told(finding('https', {}, { context: 'insecure' })), ['problem', 'https_missing', 'https_host']);
  assert.deepEqual(told(finding('https', {}, { context: 'local' })), ['good', 'https_local']);
  assert.deepEqual(told(finding('https', {}, { context: 'application' })), ['note', 'https_application']);
  assert.deepEqual(told(finding('https', {}, { mixed: 'frame_blocked' })), ['problem', 'https_mixed', 'https_mattermost']);
});

test('the web part is WebAssembly, or plain JavaScript where a header or the browser keeps it out', () => {
  assert.deepEqual(told(finding('web-part', { webAssembly: false })), ['note', 'web_part_off', 'web_part_fallback']);
  for (const [realm, key] of /** @type {[any, string][]} */ ([
    [{ policy: null, frameOptions: 'SAMEORIGIN' }, 'web_part_framed'],
    [{ policy: OWN_POLICY, frameOptions: null }, 'web_part_framed'],
    [{ policy: "script-src 'self'", frameOptions: null }, 'web_part_policy'],
    [{ policy: "default-src 'self'", frameOptions: null }, 'web_part_policy'],
  ])) {
    assert.deepEqual(told(finding('web-part', { realm })), ['note', key, 'web_part_fallback', 'web_part_leave']);
  }
  assert.deepEqual(told(finding('web-part', { realm: null })), ['warning', 'web_part_unread', 'web_part_reload']);
  for (const policy of ["script-src 'self' 'wasm-unsafe-eval'", "default-src 'self'; script-src 'unsafe-eval'", "img-src 'self'"]) {
    assert.equal(finding('web-part', { realm: { policy, frameOptions: null } }).level, 'good', policy);
  }
});
