// The plugins' PHP in a real php, configuration by configuration.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { PLUGINS, exampleConfiguration, serverFile } from '../plugins.js';

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const PHP = process.env.PHP ?? 'php';

let folder = '';

before(() => {
  const { error } = spawnSync(PHP, ['--version']);
  assert.ok(!error, `${PHP} does not run (${error?.message}): install php-cli, or name a php in the variable PHP`);
  folder = mkdtempSync(join(tmpdir(), 'notifymatters-webmail-'));
});
after(() => folder && rmSync(folder, { recursive: true }));

/**
 * Installs a plugin with a configuration, and returns what the webmail's server sees of it.
 * @param {import('../plugins.js').Plugin} plugin
 * @param {{ own?: string, packages?: string }} configuration the text of the files
 */
function run(plugin, configuration) {
  const place = mkdtempSync(join(folder, 'webmail-'));
  const { name } = plugin;
  const installed = join(place, name);
  mkdirSync(join(installed, 'php'), { recursive: true });
  cpSync(here('../php/notifymatters.php'), join(installed, 'php/notifymatters.php'));
  // What is there on this machine is none of the test's.
  writeFileSync(join(installed, `php/plugin.${name}.php`), serverFile({ ...plugin, configFolder: place }));
  if (configuration.own !== undefined) writeFileSync(join(installed, 'config.php'), configuration.own);
  if (configuration.packages !== undefined) writeFileSync(join(place, `config-${name}.php`), configuration.packages);
  const { status, stdout, stderr } = spawnSync(
    PHP,
    // Errors where they can be seen, warnings included.
    ['-n', '-d', 'error_reporting=-1', '-d', 'display_errors=stderr', '-d', 'log_errors=0', here('webmail.php'), place, name],
    { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  assert.equal(status, 0, stderr);
  return { settings: JSON.parse(stdout).zarafa.v1.plugins[name], log: stderr.trim().split('\n').filter(Boolean) };
}

const [kopano, grommunio] = PLUGINS;

/** @param {string} address as it stands in PHP */
const withHost = (address) => ({ own: `<?php define('PLUGIN_MATTERMOST_HOST', ${address});` });

const DISABLED = { enable: false, url: '', autostart: false };

test('what an administrator has configured becomes the defaults of the settings, under the keys that are stored', () => {
  const own = `<?php
    define('PLUGIN_CHAT_USER_DEFAULT_ENABLE', true);
    define('PLUGIN_CHAT_URL', 'https://mail.example.com/chat/');
    define('PLUGIN_CHAT_AUTOSTART', true);`;
  assert.deepEqual(run(grommunio, { own }), {
    settings: { enable: true, url: 'https://mail.example.com/chat/', autostart: true },
    log: [],
  });
});

test('the configuration of the packages is read where the plugin has none of its own', () => {
  const packages = `<?php define('PLUGIN_MATTERMOST_HOST', 'https://packages.example.com');`;
  assert.equal(run(kopano, { packages }).settings.url, 'https://packages.example.com');
  assert.equal(run(kopano, { packages, ...withHost("'https://own.example.com'") }).settings.url, 'https://own.example.com');
});

test('the example works as it is', () => {
  for (const plugin of PLUGINS) {
    const packages = exampleConfiguration({ ...plugin, address: plugin.address.replace("$_SERVER['HTTP_HOST']", "'mail.example.com'") });
    const { settings, log } = run(plugin, { packages });
    assert.deepEqual(log, []);
    assert.deepEqual([settings.enable, settings.autostart], [true, false]);
    assert.match(settings.url, /^https:\/\/[a-z.]+\/(chat\/)?$/);
  }
});

test('each form of an address is understood', () => {
  const forms = {
    'https://chat.example.com': 'https://chat.example.com',
    'https://chat.example.com/': 'https://chat.example.com/',
    'HTTPS://Chat.Example.com:8443/mattermost/': 'HTTPS://Chat.Example.com:8443/mattermost/',
    'http://localhost:8065/': 'http://localhost:8065/',
    'https://[2001:db8::1]/': 'https://[2001:db8::1]/',
    '  https://chat.example.com/  ': 'https://chat.example.com/',
    'chat.example.com': 'https://chat.example.com',
    'chat.example.com:8065': 'https://chat.example.com:8065',
    'chat.example.com/mattermost': 'https://chat.example.com/mattermost',
    '//chat.example.com/': 'https://chat.example.com/',
    '/chat/': '/chat/',
    'https://bücher.example/': 'https://bücher.example/',
  };
  for (const [form, url] of Object.entries(forms)) {
    assert.deepEqual(run(kopano, withHost(`'${form}'`)), { settings: { enable: false, url, autostart: false }, log: [] }, form);
  }
});

test('what is no address disables the plugin, with one line that says why and what to write', () => {
  const faults = {
    "'javascript:alert(1)'": 'is no address of the web',
    "'mailto:anna@example.com'": 'is no address of the web',
    "'ftp://chat.example.com/'": 'begins neither with https:// nor with http://',
    "'https://anna:secret@chat.example.com/'": 'holds a user name or a password',
    "'anna@chat.example.com'": 'holds a user name or a password',
    "'https://'": 'is no address of the web',
    "'https://chat.example.com:99999/'": 'is no address of the web',
    "'https://chat.example.com/ x'": 'holds characters that no address has',
    "'/\\\\evil.example.com/'": 'holds characters that no address has',
    "''": 'holds no address',
    false: 'holds no address',
    "['https://chat.example.com/']": 'holds no address',
  };
  for (const [address, why] of Object.entries(faults)) {
    const line = `Plugin mattermost is disabled: PLUGIN_MATTERMOST_HOST ${why}; write it as in 'https://chat.example.com/'`;
    const { settings, log } = run(kopano, {
      own: `<?php define('PLUGIN_MATTERMOST_HOST', ${address}); define('PLUGIN_MATTERMOST_USER_DEFAULT_ENABLE', true);`,
    });
    assert.deepEqual({ settings, log }, { settings: DISABLED, log: [line] }, address);
    assert.ok(!log.join('').includes('secret'));
  }
});

test('a configuration that is missing, empty or broken disables the plugin with one line, and never the webmail', () => {
  const broken = [
    [{}, /PLUGIN_CHAT_URL is not defined; define it in .*config-chat\.php/],
    [{ own: '' }, /PLUGIN_CHAT_URL is not defined/],
    [{ own: '<?php define(' }, /its configuration fails: config\.php, line 1: Unclosed/],
    [{ own: '<?php\nthrow new Exception("two\nlines");' }, /its configuration fails: config\.php, line 2: two lines$/],
    [{ own: '<?php no_such_function();' }, /undefined function no_such_function/],
  ];
  for (const [configuration, words] of broken) {
    const { settings, log } = run(grommunio, /** @type {any} */ (configuration));
    assert.deepEqual(settings, DISABLED);
    assert.equal(log.length, 1, log.join('\n'));
    assert.match(log[0], /^Plugin chat is disabled: /);
    assert.match(log[0], /** @type {RegExp} */ (words));
  }
});

test('what stands around the PHP of a configuration does not go out before the page', () => {
  const { settings } = run(kopano, { own: `\u{feff}${withHost("'https://chat.example.com/'").own}?>\n\n` });
  assert.equal(settings.url, 'https://chat.example.com/');
});

test('on and off are understood as text too', () => {
  for (const [value, on] of /** @type {const} */ ([
    ['true', true],
    ["'TRUE'", true],
    ["'yes'", true],
    ['1', true],
    ["'false'", false],
    ["'FALSE'", false],
    ['0', false],
    ["''", false],
    ['null', false],
  ])) {
    const own = `${withHost("'chat.example.com'").own} define('PLUGIN_MATTERMOST_USER_DEFAULT_ENABLE', ${value}); define('PLUGIN_MATTERMOST_AUTOSTART', ${value});`;
    const { settings } = run(kopano, { own });
    assert.deepEqual([settings.enable, settings.autostart], [on, on], value);
  }
});

test('both plugins run in one webmail', () => {
  const place = mkdtempSync(join(folder, 'both-'));
  const files = PLUGINS.map((plugin) => {
    const php = join(place, plugin.name);
    mkdirSync(php);
    cpSync(here('../php/notifymatters.php'), join(php, 'notifymatters.php'));
    writeFileSync(join(php, 'plugin.php'), serverFile(plugin));
    return `require '${join(php, 'plugin.php')}';`;
  });
  const { status, stderr } = spawnSync(PHP, ['-n', '-r', `class Plugin {} ${files.join(' ')}`], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
