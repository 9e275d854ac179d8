// From facts to findings: what works, what does not, and what would mend it. No page, no text.

import { directives, frameAncestors, mayFrame } from './framing.js';
import { proxyLines } from './proxy.js';

/** @typedef {import('./facts.js').Facts} Facts */
/** @typedef {import('./facts.js').OriginReport} OriginReport */

/** @typedef {{key: string, values?: Record<string, string>}} Text a key of the language files */

/**
 * What a button does, or what is there to copy.
 *
 * @typedef {{kind: 'setting', section: string, key: string, from: string | boolean, to: string | boolean}
 *     | {kind: 'field', wrong: string, right: string}
 *     | {kind: 'copy', blocks: import('./proxy.js').Lines[]}} Remedy
 */

/**
 * @typedef {object} Finding
 * @property {string} id the same for the same question, whatever the answer
 * @property {'good' | 'note' | 'warning' | 'problem'} level
 * @property {Text} says
 * @property {Text[]} [advice]
 * @property {Remedy} [remedy]
 */

/**
 * What is found of Mattermost, or of the pages of one trusted origin.
 *
 * @typedef {object} Group
 * @property {OriginReport | null} report of the origin; `null` for Mattermost itself
 * @property {Finding[]} findings the worst first
 */

/** The worst first. */
const LEVELS = ['problem', 'warning', 'note', 'good'];

/** No page that anybody trusts. */
const STRANGER = 'https://stranger.invalid';

/**
 * Everything that is found, the worst first.
 *
 * @param {Facts} facts
 * @returns {Group[]}
 */
export function judge(facts) {
  const worstFirst = (/** @type {Finding} */ a, /** @type {Finding} */ b) => rank(a) - rank(b);
  const groups = [
    { report: null, findings: generalFindings(facts) },
    ...facts.report.trusted_origins.map((report) => ({ report, findings: originFindings(report, facts) })),
  ];
  groups.forEach(({ findings }) => findings.sort(worstFirst));
  // Where nothing is to be done, one is as good as the other.
  const urgency = (/** @type {Group} */ { findings: [worst] }) => (worst && isOpen(worst) ? rank(worst) : LEVELS.length);
  return groups.sort((a, b) => urgency(a) - urgency(b));
}

/**
 * Whether something is to be done.
 *
 * @param {Finding} finding
 */
export function isOpen({ level }) {
  return level === 'problem' || level === 'warning';
}

/** @param {Finding} finding */
function rank({ level }) {
  return LEVELS.indexOf(level);
}

/**
 * What concerns every page that embeds.
 *
 * @param {Facts} facts
 * @returns {Finding[]}
 */
export function generalFindings(facts) {
  return [
    ...settingFindings(facts),
    ...spellingFindings(facts),
    ...connectionFindings(facts),
    ...strangerFindings(facts),
    ...landingPageFindings(facts),
  ];
}

/**
 * What concerns the pages of one trusted origin.
 *
 * @param {OriginReport} report
 * @param {Facts} facts
 * @returns {Finding[]}
 */
export function originFindings(report, facts) {
  return (
    [framing(report, facts), session(report, facts), secureContext(report, facts), webPart(report, facts)]
      // A newer server part may say what this script does not know.
      .filter((finding) => finding !== undefined)
  );
}

/** The one variable for the settings of all plugins. */
const PLUGINS_VARIABLE = 'MM_PLUGINSETTINGS_PLUGINS';

/**
 * @param {Facts} facts
 * @returns {Finding[]}
 */
function settingFindings({ report, configuration, draft }) {
  const fixed = configuration.fixed.plugins;
  /** @type {Finding[]} */
  const findings = report.problems.map(({ code, text = '', write, sentence }, index) => ({
    id: `problem-${index}`,
    level: 'problem',
    says: { key: `problem_${code}`, values: { text, sentence } },
    advice: [write ? { key: 'write_instead', values: { origin: write } } : { key: 'write_example' }],
    ...(write && !fixed && { remedy: { kind: 'field', wrong: text, right: write } }),
  }));
  if (report.trusted_origins.length === 0 && findings.length === 0) {
    findings.push({ id: 'origins', level: 'problem', says: { key: 'no_origins' }, advice: [{ key: 'write_example' }] });
  }
  if (fixed) {
    const setting = report.problems.reduce(
      (text, { text: wrong, write }) => (wrong && write ? corrected(text, wrong, write) : text),
      draft ?? report.stored,
    );
    findings.push({
      id: 'origins-environment',
      // Mattermost takes what is saved here without a word and goes on with the variable (config/environment.go, 5.39 to 11.6).
      level: findings.length > 0 || draft !== null ? 'warning' : 'note',
      says: { key: 'origins_environment', values: { variable: PLUGINS_VARIABLE } },
      advice: [{ key: 'origins_environment_entry' }],
      remedy: {
        kind: 'copy',
        blocks: [{ title: PLUGINS_VARIABLE, text: `"notifymatters": ${JSON.stringify({ trustedorigin: setting })}` }],
      },
    });
  }
  if (report.omitted > 0) {
    findings.push({ id: 'omitted', level: 'note', says: { key: 'omitted', values: { count: String(report.omitted) } } });
  }
  return findings;
}

/**
 * A setting with one of its parts put right.
 *
 * @param {string} setting
 * @param {string} wrong
 * @param {string} right
 */
export function corrected(setting, wrong, right) {
  const parts = setting
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((part) => (part === wrong ? right : part));
  return [...new Set(parts.includes(right) ? parts : [...parts, right])].join(' ');
}

/**
 * A key that was written by hand, which the System Console does not show.
 *
 * @param {Facts} facts
 * @returns {Finding[]}
 */
function spellingFindings({ configuration: { spellings, fixed } }) {
  const [counts, ...others] = spellings;
  if (!counts || fixed.plugins) {
    return [];
  }
  if (counts.key !== 'trustedorigin') {
    return [
      {
        id: 'spelling',
        level: 'warning',
        says: { key: 'spelling_hidden', values: counts },
        advice: [{ key: 'spelling_take_over' }],
        remedy: { kind: 'field', wrong: '', right: counts.value },
      },
    ];
  }
  return others.slice(0, 1).map(({ key, value }) => ({
    id: 'spelling',
    level: value === counts.value ? 'note' : 'warning',
    says: { key: 'spelling_two', values: { key, value } },
    advice: [{ key: 'spelling_remove', values: { key } }],
  }));
}

/**
 * Whether Mattermost's pages hear of anything at this address. Its WebSocket takes no other Origin than the Site URL's and
 * those in `AllowCorsFrom` (9.8.1, 11.6.0); a proxy may change that, so what this browser saw counts first.
 *
 * @param {Facts} facts
 * @returns {Finding[]}
 */
function connectionFindings({ configuration: { siteUrl, corsFrom, webSocket }, report, seen: { connects } }) {
  const used = report.mattermost.origin;
  // Mattermost compares texts, so that a default port in the Site URL is another address, too.
  const written = `${siteUrl?.toLowerCase()}/`.startsWith(`${used}/`);
  const differs = Boolean(siteUrl) && !written && (!connects || originOf(siteUrl ?? '') !== used);
  const refused = differs && !connects && corsFrom !== '*' && !corsFrom.split(' ').includes(used);
  /** @type {Finding[]} */
  const findings = [];
  if (differs) {
    findings.push({
      id: 'site-url',
      level: refused ? 'problem' : 'note',
      says: { key: refused ? 'site_url_refused' : 'site_url_differs', values: { used, stored: siteUrl ?? '' } },
      ...(refused && {
        advice: [
          { key: 'site_url_use', values: { stored: siteUrl ?? '' } },
          { key: 'site_url_cors', values: { used } },
        ],
      }),
    });
  } else if (siteUrl === '') {
    findings.push({
      id: 'site-url',
      level: 'problem',
      says: { key: 'site_url_missing' },
      advice: [{ key: 'site_url_write', values: { used } }],
    });
  } else if (siteUrl) {
    findings.push({ id: 'site-url', level: 'good', says: { key: 'site_url_same', values: { used } } });
  }
  if (connects) {
    findings.push({ id: 'web-socket', level: 'good', says: { key: 'web_socket_open' } });
  } else if (!refused) {
    findings.push({
      id: 'web-socket',
      level: 'problem',
      says: { key: 'web_socket_blocked', values: { address: webSocket } },
      advice: [{ key: 'web_socket_proxy' }],
    });
  }
  return findings;
}

/**
 * Whether pages of any site may frame Mattermost, such as one that wants clicks for itself.
 *
 * @param {Facts} facts
 * @returns {Finding[]}
 */
function strangerFindings({ configuration: { frameAncestors: stored, fixed, restricted }, report, seen: { page } }) {
  const self = report.mattermost.origin;
  if (page === null || !mayFrame(page, STRANGER, self).allowed) {
    return [];
  }
  const origins = report.trusted_origins.map(({ origin }) => origin);
  const says = { key: page.policy || page.frameOptions ? 'strangers_headers' : 'strangers_no_header', values: headersOf(page) };
  const found = { id: 'strangers', level: /** @type {const} */ ('warning'), says };
  if (stored === null) {
    return [{ ...found, advice: [{ key: 'strangers_lines' }], remedy: { kind: 'copy', blocks: proxyLines(self, origins) } }];
  }
  const named = sourcesOf(stored).filter((source) => !allows([source], STRANGER, self));
  const missing = origins.filter((origin) => origin !== self && !allows(named, origin, self));
  const to = [...named, ...missing].join(' ');
  const advice = [{ key: allows(sourcesOf(stored), STRANGER, self) ? 'strangers_setting' : 'strangers_proxy' }];
  if (to === sourcesOf(stored).join(' ')) {
    return [{ ...found, advice }];
  }
  const cure = frameAncestorsTo(stored, to, { fixed, restricted }, []);
  return [{ ...found, ...cure, advice: [...advice, ...cure.advice] }];
}

/**
 * "Where would you like to view this?", which a new browser is asked inside the frame, too.
 *
 * @param {Facts} facts
 * @returns {Finding[]}
 */
function landingPageFindings({ configuration: { landingPage, fixed } }) {
  if (landingPage === null) {
    return [];
  }
  if (!landingPage) {
    return [{ id: 'landing-page', level: 'good', says: { key: 'landing_page_off' } }];
  }
  const says = { key: 'landing_page_on' };
  if (fixed.landingPage) {
    const variable = 'MM_SERVICESETTINGS_ENABLEDESKTOPLANDINGPAGE';
    return [
      {
        id: 'landing-page',
        level: 'warning',
        says,
        advice: [{ key: 'environment', values: { variable } }],
        remedy: { kind: 'copy', blocks: [{ title: variable, text: `${variable}=false` }] },
      },
    ];
  }
  return [
    {
      id: 'landing-page',
      level: 'warning',
      says,
      advice: [{ key: 'landing_page_switch_off' }],
      remedy: { kind: 'setting', section: 'ServiceSettings', key: 'EnableDesktopLandingPage', from: true, to: false },
    },
  ];
}

/**
 * @param {OriginReport} report
 * @param {Facts} facts
 * @returns {Finding}
 */
function framing({ origin }, facts) {
  const {
    report,
    seen: { page },
  } = facts;
  const id = 'framing';
  if (page === null) {
    return { id, level: 'warning', says: { key: 'framing_unread' }, advice: [{ key: 'framing_look' }] };
  }
  const { allowed, by } = mayFrame(page, origin, report.mattermost.origin);
  if (allowed) {
    return { id, level: 'good', says: { key: 'framing_allowed' } };
  }
  const says =
    by === 'frame-ancestors'
      ? {
          key: 'framing_policy',
          values: {
            header: frameAncestors(page.policy)
              .map((list) => ['frame-ancestors', ...list].join(' '))
              .join(', '),
          },
        }
      : { key: 'framing_options', values: { header: page.frameOptions ?? '' } };
  return { id, level: 'problem', says, ...framingCure(origin, facts) };
}

/**
 * @param {string} origin
 * @param {Facts} facts
 * @returns {Pick<Finding, 'advice' | 'remedy'>}
 */
function framingCure(origin, { configuration, report }) {
  const { frameAncestors: stored } = configuration;
  const self = report.mattermost.origin;
  /** @type {Remedy} */
  const proxy = {
    kind: 'copy',
    blocks: proxyLines(
      self,
      report.trusted_origins.map((trusted) => trusted.origin),
    ),
  };
  if (stored === null) {
    return { advice: [{ key: 'framing_no_setting' }, { key: 'proxy_inheritance' }], remedy: proxy };
  }
  const sources = sourcesOf(stored);
  if (allows(sources, origin, self)) {
    return { advice: [{ key: 'framing_proxy' }, { key: 'proxy_inheritance' }], remedy: proxy };
  }
  return frameAncestorsTo(stored, [...sources, origin].join(' '), configuration, [{ key: 'framing_add' }]);
}

/**
 * Where `ServiceSettings.FrameAncestors` can be changed, and to what.
 *
 * @param {string} from
 * @param {string} to
 * @param {Pick<Facts['configuration'], 'fixed' | 'restricted'>} configuration
 * @param {Text[]} advice for who may change it here
 * @returns {{advice: Text[], remedy: Remedy}}
 */
function frameAncestorsTo(from, to, { fixed, restricted }, advice) {
  if (fixed.frameAncestors) {
    const variable = 'MM_SERVICESETTINGS_FRAMEANCESTORS';
    return {
      advice: [{ key: 'environment', values: { variable } }],
      remedy: { kind: 'copy', blocks: [{ title: variable, text: `${variable}="${to}"` }] },
    };
  }
  // Mattermost takes a change of it from a restricted administrator without a word and drops it.
  if (restricted) {
    return {
      advice: [{ key: 'restricted', values: { setting: 'ServiceSettings.FrameAncestors' } }],
      remedy: { kind: 'copy', blocks: [{ title: 'config.json', text: `"FrameAncestors": ${JSON.stringify(to)}` }] },
    };
  }
  return { advice, remedy: { kind: 'setting', section: 'ServiceSettings', key: 'FrameAncestors', from, to } };
}

/** @param {string} setting */
function sourcesOf(setting) {
  return setting.split(/\s+/).filter(Boolean);
}

/**
 * @param {string[]} sources of `frame-ancestors`
 * @param {string} origin
 * @param {string} self
 */
function allows(sources, origin, self) {
  return mayFrame({ policy: `frame-ancestors ${sources.join(' ')}`, frameOptions: null }, origin, self).allowed;
}

/**
 * @param {OriginReport} report
 * @param {Facts} facts
 * @returns {Finding}
 */
function session({ cookies, relation, registrable_domain: domain }, { seen: { embeddedLogin }, report }) {
  const id = 'session';
  switch (cookies) {
    case 'reach':
      return {
        id,
        level: 'good',
        says: relation === 'same_origin' || !domain ? { key: 'session_same_origin' } : { key: 'session_same_site', values: { domain } },
      };
    case 'application':
      return { id, level: 'note', says: { key: 'session_application' } };
    case 'never_reach':
      return { id, level: 'problem', says: { key: 'session_lost' }, advice: [{ key: 'session_https' }, oneSite(report)] };
    case 'need_embedded_login':
      return {
        id,
        level: embeddedLogin ? 'warning' : 'problem',
        says: { key: relation === 'other_scheme' ? 'session_other_scheme' : 'session_lost' },
        advice: [
          relation === 'other_scheme' ? { key: 'session_use_https' } : oneSite(report),
          { key: embeddedLogin ? 'embedded_login_here' : 'embedded_login_missing' },
          { key: 'embedded_login_partitioned' },
        ],
      };
  }
}

/**
 * @param {Facts['report']} report
 * @returns {Text}
 */
function oneSite({ mattermost }) {
  const domain = mattermost.registrable_domain;
  return domain ? { key: 'session_one_site', values: { domain } } : { key: 'session_one_site_any' };
}

/**
 * @param {OriginReport} report
 * @param {Facts} facts
 * @returns {Finding}
 */
function secureContext({ context, mixed }, { report }) {
  const id = 'https';
  if (mixed === 'frame_blocked') {
    return {
      id,
      level: 'problem',
      says: { key: 'https_mixed' },
      advice: [{ key: 'https_mattermost', values: { used: report.mattermost.origin } }],
    };
  }
  switch (context) {
    case 'https':
      return { id, level: 'good', says: { key: 'https_good' } };
    case 'local':
      return { id, level: 'good', says: { key: 'https_local' } };
    case 'application':
      return { id, level: 'note', says: { key: 'https_application' } };
    case 'insecure':
      return { id, level: 'problem', says: { key: 'https_missing' }, advice: [{ key: 'https_host' }] };
  }
}

/**
 * Which form of the web part does the work in a frame of that origin.
 *
 * @param {OriginReport} report
 * @param {Facts} facts
 * @returns {Finding}
 */
function webPart({ origin }, { report, seen: { realm, webAssembly } }) {
  const id = 'web-part';
  if (!webAssembly) {
    return { id, level: 'note', says: { key: 'web_part_off' }, advice: [{ key: 'web_part_fallback' }] };
  }
  if (realm === null) {
    return { id, level: 'warning', says: { key: 'web_part_unread' }, advice: [{ key: 'web_part_reload' }] };
  }
  // The realm's frame has two ancestors: Mattermost's own page, and the host's around it.
  const self = report.mattermost.origin;
  if (![self, origin].every((ancestor) => mayFrame(realm, ancestor, self).allowed)) {
    return {
      id,
      level: 'note',
      says: { key: 'web_part_framed', values: headersOf(realm) },
      advice: [{ key: 'web_part_fallback' }, { key: 'web_part_leave' }],
    };
  }
  if (!mayCompile(realm.policy)) {
    return {
      id,
      level: 'note',
      says: { key: 'web_part_policy', values: headersOf(realm) },
      advice: [{ key: 'web_part_fallback' }, { key: 'web_part_leave' }],
    };
  }
  return { id, level: 'good', says: { key: 'web_part_good' } };
}

/**
 * Content Security Policy Level 3, section 4.3: `script-src`, else `default-src`, in each policy.
 *
 * @param {string | null} policy
 */
function mayCompile(policy) {
  return (policy ?? '').split(',').every((one) => {
    const [sources] = [...directives(one, 'script-src'), ...directives(one, 'default-src')];
    return sources === undefined || sources.some((source) => /^'(?:wasm-)?unsafe-eval'$/i.test(source));
  });
}

/** @param {import('./facts.js').Headers} headers */
function headersOf({ policy, frameOptions }) {
  const lines = [policy && `Content-Security-Policy: ${policy}`, frameOptions && `X-Frame-Options: ${frameOptions}`];
  return { header: lines.filter(Boolean).join('; ') };
}

/** @param {string} address */
function originOf(address) {
  try {
    return new URL(address).origin;
  } catch {
    return '';
  }
}
