// May a page of one origin frame a page that came with these headers? Judged as browsers do.

/**
 * @typedef {object} Framing
 * @property {boolean} allowed
 * @property {'none' | 'frame-ancestors' | 'x-frame-options'} by which header decided
 */

/**
 * HTML, "check a navigation response's adherence to X-Frame-Options", and Content Security Policy
 * Level 3, section 6.4.2: where a policy names `frame-ancestors`, `X-Frame-Options` does not count.
 *
 * @param {{policy: string | null, frameOptions: string | null}} headers as `Headers.get` gives
 *     them: several headers of one name are joined by commas
 * @param {string} host canonical origin of the page that embeds
 * @param {string} self canonical origin of the page that is embedded
 * @returns {Framing}
 */
export function mayFrame({ policy, frameOptions }, host, self) {
  const lists = frameAncestors(policy);
  if (lists.length > 0) {
    const allowed = lists.every((sources) => sources.some((source) => matches(source, host, self)));
    return { allowed, by: 'frame-ancestors' };
  }
  const options = new Set(
    (frameOptions ?? '')
      .toLowerCase()
      .split(',')
      .map((value) => value.trim()),
  );
  options.delete('');
  const known = ['deny', 'sameorigin', 'allowall'].some((value) => options.has(value));
  if (options.size > 1 && known) {
    return { allowed: false, by: 'x-frame-options' };
  }
  if (options.has('deny') || (options.has('sameorigin') && host !== self)) {
    return { allowed: false, by: 'x-frame-options' };
  }
  // ALLOW-FROM, and everything else that no browser knows, forbids nothing.
  return { allowed: true, by: 'none' };
}

/**
 * The sources of each policy that names `frame-ancestors`; every one of them has to allow.
 *
 * @param {string | null} policy
 * @returns {string[][]}
 */
export function frameAncestors(policy) {
  return directives(policy, 'frame-ancestors');
}

/**
 * The values of a directive in each policy that names it. In one policy only the first counts.
 *
 * @param {string | null} policy
 * @param {string} name
 * @returns {string[][]}
 */
export function directives(policy, name) {
  const lists = [];
  for (const one of (policy ?? '').split(',')) {
    for (const directive of one.split(';')) {
      const [first, ...values] = directive.trim().split(/\s+/);
      if (first.toLowerCase() === name) {
        lists.push(values);
        break;
      }
    }
  }
  return lists;
}

/**
 * Content Security Policy Level 3, section 6.7.2.7, for the origin of an ancestor, whose path is `/`.
 *
 * @param {string} source
 * @param {string} host
 * @param {string} self
 */
function matches(source, host, self) {
  const expression = source.toLowerCase();
  const { scheme, name, port } = take(host);
  const own = take(self);
  if (expression === '*') {
    return scheme === 'http' || scheme === 'https' || scheme === own.scheme;
  }
  if (expression === "'self'") {
    return host === self || (name === own.name && schemeMatches(own.scheme, scheme) && portsMatch(own, { scheme, port }));
  }
  if (/^[a-z][a-z0-9+.-]*:$/.test(expression)) {
    return schemeMatches(expression.slice(0, -1), scheme);
  }
  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[^:/*[\]]+|\[[^\]]*\])(?::(\d+|\*))?(\/[^?#]*)?$/.exec(expression);
  if (!parts) {
    return false;
  }
  const [, wantedScheme = own.scheme, wantedName, wantedPort, path] = parts;
  return (
    schemeMatches(wantedScheme, scheme) &&
    nameMatches(wantedName, name) &&
    portMatches(wantedPort, { scheme, port }) &&
    (path === undefined || path === '/')
  );
}

/**
 * @param {string} wanted
 * @param {string} actual
 */
function schemeMatches(wanted, actual) {
  return wanted === actual || (wanted === 'http' && actual === 'https');
}

/**
 * @param {string} wanted
 * @param {string} actual
 */
function nameMatches(wanted, actual) {
  if (wanted === '*') {
    return true;
  }
  return wanted.startsWith('*.') ? actual.endsWith(wanted.slice(1)) : actual === wanted;
}

/**
 * @param {string | undefined} wanted
 * @param {{scheme: string, port: string}} actual
 */
function portMatches(wanted, { scheme, port }) {
  if (wanted === undefined) {
    return port === defaultPort(scheme);
  }
  return wanted === '*' || wanted === port || (wanted === '80' && port === '443');
}

/**
 * @param {{scheme: string, port: string}} own
 * @param {{scheme: string, port: string}} actual
 */
function portsMatch(own, actual) {
  const bothDefault = own.port === defaultPort(own.scheme) && actual.port === defaultPort(actual.scheme);
  return own.port === actual.port || bothDefault;
}

/** @param {string} scheme */
function defaultPort(scheme) {
  return { https: '443', http: '80' }[scheme] ?? '';
}

/**
 * Takes a canonical origin apart.
 *
 * @param {string} origin
 */
function take(origin) {
  const [, scheme, name, port] = /^([^:]*):\/\/(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(origin) ?? ['', '', '', undefined];
  return { scheme, name, port: port ?? defaultPort(scheme) };
}
