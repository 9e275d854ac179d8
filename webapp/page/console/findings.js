// From facts to findings: what works, what does not, and what would mend it. No page, no text.

import {directives, frameAncestors, mayFrame} from './framing.js';
import {proxyLines} from './proxy.js';

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
 * What concerns every page that embeds.
 *
 * @param {Facts} facts
 * @returns {Finding[]}
 */
export function generalFindings(facts) {
  return [...settingFindings(facts), ...siteUrlFindings(facts), ...landingPageFindings(facts)];
}

/**
 * What concerns the pages of one trusted origin.
 *
 * @param {OriginReport} report
 * @param {Facts} facts
 * @returns {Finding[]}
 */
export function originFindings(report, facts) {
  return [framing(report, facts), session(report, facts), secureContext(report, facts), webPart(report, facts)];
}

/**
 * @param {Facts} facts
 * @returns {Finding[]}
 */
function settingFindings({report}) {
  /** @type {Finding[]} */
  const findings = report.problems.map(({code, text = '', write}, index) => ({
    id: `problem-${index}`,
    level: 'problem',
    says: {key: `problem_${code}`, values: {text}},
    advice: [write ? {key: 'write_instead', values: {origin: write}} : {key: 'write_example'}],
    ...(write && {remedy: {kind: 'field', wrong: text, right: write}}),
  }));
  if (report.trusted_origins.length === 0 && findings.length === 0) {
    findings.push({id: 'origins', level: 'problem', says: {key: 'no_origins'}, advice: [{key: 'write_example'}]});
  }
  if (report.omitted > 0) {
    findings.push({id: 'omitted', level: 'note', says: {key: 'omitted', values: {count: String(report.omitted)}}});
  }
  return findings;
}

/**
 * @param {Facts} facts
 * @returns {Finding[]}
 */
function siteUrlFindings({config, report}) {
  const stored = config.ServiceSettings?.SiteURL;
  const used = report.mattermost.origin;
  if (stored === undefined) {
    return [];
  }
  if (stored === '') {
    return [{id: 'site-url', level: 'problem', says: {key: 'site_url_missing'}, advice: [{key: 'site_url_write', values: {used}}]}];
  }
  if (originOf(stored) === used) {
    return [{id: 'site-url', level: 'good', says: {key: 'site_url_same', values: {used}}}];
  }
  return [{
    id: 'site-url',
    level: 'warning',
    says: {key: 'site_url_differs', values: {used, stored}},
    advice: [{key: 'site_url_use', values: {stored}}],
  }];
}

/**
 * "Where would you like to view this?", which a new browser is asked inside the frame, too.
 *
 * @param {Facts} facts
 * @returns {Finding[]}
 */
function landingPageFindings({config, environment}) {
  const stored = config.ServiceSettings?.EnableDesktopLandingPage;
  if (stored === undefined) {
    return [];
  }
  if (!stored) {
    return [{id: 'landing-page', level: 'good', says: {key: 'landing_page_off'}}];
  }
  const says = {key: 'landing_page_on'};
  if (environment.ServiceSettings?.EnableDesktopLandingPage) {
    const variable = 'MM_SERVICESETTINGS_ENABLEDESKTOPLANDINGPAGE';
    return [{
      id: 'landing-page',
      level: 'warning',
      says,
      advice: [{key: 'environment', values: {variable}}],
      remedy: {kind: 'copy', blocks: [{title: variable, text: `${variable}=false`}]},
    }];
  }
  return [{
    id: 'landing-page',
    level: 'warning',
    says,
    advice: [{key: 'landing_page_switch_off'}],
    remedy: {kind: 'setting', section: 'ServiceSettings', key: 'EnableDesktopLandingPage', from: true, to: false},
  }];
}

/**
 * @param {OriginReport} report
 * @param {Facts} facts
 * @returns {Finding}
 */
function framing({origin}, facts) {
  const {page, report} = facts;
  const id = 'framing';
  if (page === null) {
    return {id, level: 'warning', says: {key: 'framing_unread'}, advice: [{key: 'framing_look'}]};
  }
  const {allowed, by} = mayFrame(page, origin, report.mattermost.origin);
  if (allowed) {
    return {id, level: 'good', says: {key: 'framing_allowed'}};
  }
  const says = by === 'frame-ancestors' ?
    {key: 'framing_policy', values: {header: frameAncestors(page.policy).map((list) => ['frame-ancestors', ...list].join(' ')).join(', ')}} :
    {key: 'framing_options', values: {header: page.frameOptions ?? ''}};
  return {id, level: 'problem', says, ...framingCure(origin, facts)};
}

/**
 * @param {string} origin
 * @param {Facts} facts
 * @returns {Pick<Finding, 'advice' | 'remedy'>}
 */
function framingCure(origin, {config, environment, report}) {
  const stored = config.ServiceSettings?.FrameAncestors;
  const origins = report.trusted_origins.map((trusted) => trusted.origin);
  /** @type {Remedy} */
  const proxy = {kind: 'copy', blocks: proxyLines(report.mattermost.origin, origins)};
  if (stored === undefined) {
    return {advice: [{key: 'framing_no_setting'}], remedy: proxy};
  }
  const sources = stored.split(/\s+/).filter(Boolean);
  if (mayFrame({policy: `frame-ancestors ${sources.join(' ')}`, frameOptions: null}, origin, report.mattermost.origin).allowed) {
    return {advice: [{key: 'framing_proxy'}], remedy: proxy};
  }
  const to = [...sources, origin].join(' ');
  if (environment.ServiceSettings?.FrameAncestors) {
    const variable = 'MM_SERVICESETTINGS_FRAMEANCESTORS';
    return {
      advice: [{key: 'environment', values: {variable}}],
      remedy: {kind: 'copy', blocks: [{title: variable, text: `${variable}="${to}"`}]},
    };
  }
  // Mattermost takes a change of it from a restricted administrator without a word and drops it.
  if (config.ExperimentalSettings?.RestrictSystemAdmin) {
    return {
      advice: [{key: 'restricted', values: {setting: 'ServiceSettings.FrameAncestors'}}],
      remedy: {kind: 'copy', blocks: [{title: 'config.json', text: `"FrameAncestors": ${JSON.stringify(to)}`}]},
    };
  }
  return {
    advice: [{key: 'framing_add'}],
    remedy: {kind: 'setting', section: 'ServiceSettings', key: 'FrameAncestors', from: stored, to},
  };
}

/**
 * @param {OriginReport} report
 * @param {Facts} facts
 * @returns {Finding}
 */
function session({cookies, relation, registrable_domain: domain}, {embeddedLogin, report}) {
  const id = 'session';
  switch (cookies) {
  case 'reach':
    return {
      id,
      level: 'good',
      says: relation === 'same_origin' || !domain ? {key: 'session_same_origin'} : {key: 'session_same_site', values: {domain}},
    };
  case 'application':
    return {id, level: 'note', says: {key: 'session_application'}};
  case 'never_reach':
    return {id, level: 'problem', says: {key: 'session_lost'}, advice: [{key: 'session_https'}, oneSite(report)]};
  case 'need_embedded_login':
    return {
      id,
      level: embeddedLogin ? 'warning' : 'problem',
      says: {key: relation === 'other_scheme' ? 'session_other_scheme' : 'session_lost'},
      advice: [
        relation === 'other_scheme' ? {key: 'session_use_https'} : oneSite(report),
        {key: embeddedLogin ? 'embedded_login_here' : 'embedded_login_missing'},
        {key: 'embedded_login_partitioned'},
      ],
    };
  }
}

/**
 * @param {Facts['report']} report
 * @returns {Text}
 */
function oneSite({mattermost}) {
  const domain = mattermost.registrable_domain;
  return domain ? {key: 'session_one_site', values: {domain}} : {key: 'session_one_site_any'};
}

/**
 * @param {OriginReport} report
 * @param {Facts} facts
 * @returns {Finding}
 */
function secureContext({context, mixed}, {report}) {
  const id = 'https';
  if (mixed === 'frame_blocked') {
    return {id, level: 'problem', says: {key: 'https_mixed'}, advice: [{key: 'https_mattermost', values: {used: report.mattermost.origin}}]};
  }
  switch (context) {
  case 'https':
    return {id, level: 'good', says: {key: 'https_good'}};
  case 'local':
    return {id, level: 'good', says: {key: 'https_local'}};
  case 'application':
    return {id, level: 'note', says: {key: 'https_application'}};
  case 'insecure':
    return {id, level: 'problem', says: {key: 'https_missing'}, advice: [{key: 'https_host'}]};
  }
}

/**
 * Which form of the web part does the work in a frame of that origin.
 *
 * @param {OriginReport} report
 * @param {Facts} facts
 * @returns {Finding}
 */
function webPart({origin}, {realm, report, webAssembly}) {
  const id = 'web-part';
  if (!webAssembly) {
    return {id, level: 'note', says: {key: 'web_part_off'}, advice: [{key: 'web_part_fallback'}]};
  }
  if (realm === null) {
    return {id, level: 'warning', says: {key: 'web_part_unread'}, advice: [{key: 'web_part_reload'}]};
  }
  // The realm's frame has two ancestors: Mattermost's own page, and the host's around it.
  const self = report.mattermost.origin;
  if (![self, origin].every((ancestor) => mayFrame(realm, ancestor, self).allowed)) {
    return {id, level: 'note', says: {key: 'web_part_framed', values: headersOf(realm)}, advice: [{key: 'web_part_fallback'}, {key: 'web_part_leave'}]};
  }
  if (!mayCompile(realm.policy)) {
    return {id, level: 'note', says: {key: 'web_part_policy', values: headersOf(realm)}, advice: [{key: 'web_part_fallback'}, {key: 'web_part_leave'}]};
  }
  return {id, level: 'good', says: {key: 'web_part_good'}};
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
function headersOf({policy, frameOptions}) {
  const lines = [policy && `Content-Security-Policy: ${policy}`, frameOptions && `X-Frame-Options: ${frameOptions}`];
  return {header: lines.filter(Boolean).join('; ')};
}

/** @param {string} address */
function originOf(address) {
  try {
    return new URL(address).origin;
  } catch {
    return '';
  }
}
