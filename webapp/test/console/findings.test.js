// Each combination of headers, cookies and settings, and what the check makes of it.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {generalFindings, originFindings} from '../../page/console/findings.js';

const OWN_POLICY = "frame-ancestors 'self' ; script-src 'self'";

/** A Mattermost 11 at its best, with one trusted origin of the same site. */
function facts(/** @type {any} */ changes = {}) {
  return {
    report: {
      version: '1.0.0',
      stored: 'https://mail.example.com',
      mattermost: {origin: 'https://chat.example.com', registrable_domain: 'example.com', context: 'https'},
      trusted_origins: [origin()],
      problems: [],
      omitted: 0,
      asked: {answered: [], refused: []},
      ...changes.report,
    },
    config: changes.config ?? {
      ServiceSettings: {
        SiteURL: 'https://chat.example.com',
        FrameAncestors: 'https://mail.example.com',
        EnableDesktopLandingPage: false,
        ...changes.service,
      },
      ExperimentalSettings: {RestrictSystemAdmin: changes.restricted ?? false},
    },
    environment: changes.environment ?? {},
    page: changes.page === undefined ?
      {policy: "frame-ancestors 'self' https://mail.example.com; script-src 'self'", frameOptions: 'SAMEORIGIN'} :
      changes.page,
    realm: changes.realm === undefined ? {policy: null, frameOptions: null} : changes.realm,
    webAssembly: changes.webAssembly ?? true,
    embeddedLogin: changes.embeddedLogin ?? false,
    draft: false,
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
const told = ({level, says, advice = []}) => [level, says.key, ...advice.map(({key}) => key)];

test('where all is well nothing is to be done', () => {
  const all = facts();
  const findings = [...generalFindings(all), ...originFindings(origin(), all)];
  assert.deepEqual([...new Set(findings.map(({level}) => level))], ['good']);
  assert.ok(findings.every(({remedy}) => remedy === undefined));
});

test('no origin at all', () => {
  assert.deepEqual(told(finding('origins', {report: {trusted_origins: []}})), ['problem', 'no_origins', 'write_example']);
});

test('an origin with a path is put right in the field', () => {
  const problem = {code: 'path', text: 'https://Mail.Example.com/webapp/', write: 'https://mail.example.com', sentence: ''};
  const found = finding('problem-0', {report: {trusted_origins: [], problems: [problem]}});
  assert.deepEqual(told(found), ['problem', 'problem_path', 'write_instead']);
  assert.deepEqual(found.remedy, {kind: 'field', wrong: problem.text, right: problem.write});
});

test('what cannot be guessed has no button', () => {
  const problem = {code: 'wildcard', text: 'https://*.example.com', sentence: ''};
  const found = finding('problem-0', {report: {problems: [problem]}});
  assert.deepEqual(told(found), ['problem', 'problem_wildcard', 'write_example']);
  assert.equal(found.remedy, undefined);
});

test('a Site URL that is missing or unlike the address in use', () => {
  assert.deepEqual(told(finding('site-url', {service: {SiteURL: ''}})), ['problem', 'site_url_missing', 'site_url_write']);
  assert.deepEqual(
    told(finding('site-url', {service: {SiteURL: 'https://talk.example.com'}})),
    ['warning', 'site_url_differs', 'site_url_use'],
  );
  assert.deepEqual(told(finding('site-url', {service: {SiteURL: 'https://Chat.example.com:443/sub'}})), ['good', 'site_url_same']);
});

test('a landing page is switched off by a button, or where the environment sets it', () => {
  const on = {EnableDesktopLandingPage: true};
  assert.deepEqual(finding('landing-page', {service: on}).remedy, {
    kind: 'setting', section: 'ServiceSettings', key: 'EnableDesktopLandingPage', from: true, to: false,
  });
  const fixed = finding('landing-page', {service: on, environment: {ServiceSettings: on}});
  assert.deepEqual(told(fixed), ['warning', 'landing_page_on', 'environment']);
  assert.equal(fixed.remedy?.kind, 'copy');
});

test('a server without the setting says nothing of the landing page', () => {
  assert.ok(!generalFindings(facts({config: {ServiceSettings: {}}})).some(({id}) => id === 'landing-page'));
});

test("an origin that Mattermost's setting lacks is added to what is there", () => {
  const page = {policy: OWN_POLICY, frameOptions: 'SAMEORIGIN'};
  const found = finding('framing', {page, service: {FrameAncestors: ' https://a.example  https://b.example '}});
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
  const page = {policy: OWN_POLICY, frameOptions: null};
  const environment = {ServiceSettings: {FrameAncestors: true}};
  const fixed = finding('framing', {page, service: {FrameAncestors: ''}, environment});
  assert.deepEqual(told(fixed), ['problem', 'framing_policy', 'environment']);
  assert.deepEqual(fixed.remedy, {
    kind: 'copy',
    blocks: [{title: 'MM_SERVICESETTINGS_FRAMEANCESTORS', text: 'MM_SERVICESETTINGS_FRAMEANCESTORS="https://mail.example.com"'}],
  });
  const closed = finding('framing', {page, service: {FrameAncestors: ''}, restricted: true});
  assert.deepEqual(told(closed), ['problem', 'framing_policy', 'restricted']);
  assert.equal(closed.remedy?.kind, 'copy');
});

test('a server without the setting, and a proxy that overrules it, get lines for the proxy', () => {
  const page = {policy: OWN_POLICY, frameOptions: 'SAMEORIGIN'};
  const old = finding('framing', {page, config: {ServiceSettings: {SiteURL: ''}}});
  assert.deepEqual(told(old), ['problem', 'framing_policy', 'framing_no_setting']);
  const overruled = finding('framing', {page: {policy: null, frameOptions: 'SAMEORIGIN'}});
  assert.deepEqual(told(overruled), ['problem', 'framing_options', 'framing_proxy']);
  for (const {remedy} of [old, overruled]) {
    assert.ok(remedy?.kind === 'copy');
    assert.deepEqual(remedy.blocks.map(({title}) => title), ['nginx', 'Apache', 'Caddy']);
    for (const {text} of remedy.blocks) {
      assert.match(text, /frame-ancestors 'self' https:\/\/mail\.example\.com/);
      assert.match(text, /chat\.example\.com/);
    }
  }
});

test('a page that could not be read is no problem that we know', () => {
  assert.deepEqual(told(finding('framing', {page: null})), ['warning', 'framing_unread', 'framing_look']);
});

test('another site needs one domain, or an embedded login', () => {
  const report = {relation: 'cross_site', registrable_domain: 'example.net', cookies: 'need_embedded_login'};
  assert.deepEqual(
    told(finding('session', {}, report)),
    ['problem', 'session_lost', 'session_one_site', 'embedded_login_missing', 'embedded_login_partitioned'],
  );
  assert.deepEqual(
    told(finding('session', {embeddedLogin: true}, report)),
    ['warning', 'session_lost', 'session_one_site', 'embedded_login_here', 'embedded_login_partitioned'],
  );
});

test('another scheme, no https, an application, one origin', () => {
  assert.deepEqual(
    told(finding('session', {}, {relation: 'other_scheme', cookies: 'need_embedded_login'})),
    ['problem', 'session_other_scheme', 'session_use_https', 'embedded_login_missing', 'embedded_login_partitioned'],
  );
  assert.deepEqual(
    told(finding('session', {}, {relation: 'cross_site', cookies: 'never_reach'})),
    ['problem', 'session_lost', 'session_https', 'session_one_site'],
  );
  assert.deepEqual(told(finding('session', {}, {cookies: 'application'})), ['note', 'session_application']);
  assert.deepEqual(told(finding('session', {}, {relation: 'same_origin'})), ['good', 'session_same_origin']);
});

test('notifications need https on the page that shows them', () => {
  assert.deepEqual(told(finding('https', {}, {context: 'insecure'})), ['problem', 'https_missing', 'https_host']);
  assert.deepEqual(told(finding('https', {}, {context: 'local'})), ['good', 'https_local']);
  assert.deepEqual(told(finding('https', {}, {context: 'application'})), ['note', 'https_application']);
  assert.deepEqual(told(finding('https', {}, {mixed: 'frame_blocked'})), ['problem', 'https_mixed', 'https_mattermost']);
});

test('the web part is WebAssembly, or plain JavaScript where a header or the browser keeps it out', () => {
  assert.deepEqual(told(finding('web-part', {webAssembly: false})), ['note', 'web_part_off', 'web_part_fallback']);
  for (const [realm, key] of /** @type {[any, string][]} */ ([
    [{policy: null, frameOptions: 'SAMEORIGIN'}, 'web_part_framed'],
    [{policy: OWN_POLICY, frameOptions: null}, 'web_part_framed'],
    [{policy: "script-src 'self'", frameOptions: null}, 'web_part_policy'],
    [{policy: "default-src 'self'", frameOptions: null}, 'web_part_policy'],
  ])) {
    assert.deepEqual(told(finding('web-part', {realm})), ['note', key, 'web_part_fallback', 'web_part_leave']);
  }
  assert.deepEqual(told(finding('web-part', {realm: null})), ['warning', 'web_part_unread', 'web_part_reload']);
  for (const policy of ["script-src 'self' 'wasm-unsafe-eval'", "default-src 'self'; script-src 'unsafe-eval'", "img-src 'self'"]) {
    assert.equal(finding('web-part', {realm: {policy, frameOptions: null}}).level, 'good', policy);
  }
});
