// The two plugins that are made of this one source, and the files of theirs that differ.

/**
 * @typedef {object} Plugin
 * @property {string} name as the webmail knows it: its folder, its settings' keys, the prefix of its constants
 * @property {string} title what its tab and its page in the settings are called
 * @property {string} webmail the archive's name
 * @property {string} webmailTitle
 * @property {string} configFolder where the webmail's packages keep their configuration
 * @property {string} addressConstant the constant of the chat's address, without the prefix
 * @property {number} iconSize in pixels; the webmail puts it 10 pixels below the top of a tab
 * @property {string} address an example of it, in PHP
 */

/** The names are those of the plugins that came before: what administrators and users have stored under them stays valid. */
/** @type {Plugin[]} */
export const PLUGINS = [
  {
    name: 'mattermost',
    title: 'Mattermost',
    webmail: 'kopano-webapp',
    webmailTitle: 'Kopano WebApp and DeskApp',
    configFolder: '/etc/kopano/webapp',
    addressConstant: 'HOST',
    iconSize: 16,
    address: "'https://chat.example.com/'",
  },
  {
    name: 'chat',
    title: 'Chat',
    webmail: 'grommunio-web',
    webmailTitle: 'grommunio-web',
    configFolder: '/etc/grommunio-web',
    addressConstant: 'URL',
    iconSize: 24,
    // As grommunio's own configuration has it.
    address: "'https://' . $_SERVER['HTTP_HOST'] . '/chat/'",
  },
];

/**
 * The class that the webmail's plugin manager looks for.
 * @param {Plugin} plugin
 */
export const serverFile = ({ name, configFolder, addressConstant }) => `<?php

// Both plugins may be installed in one webmail.
if (!class_exists('NotifymattersPlugin', false)) {
	require __DIR__ . '/notifymatters.php';
}

class Plugin${name} extends NotifymattersPlugin {
	protected $configFolder = '${configFolder}';

	protected $addressConstant = '${addressConstant}';
}
`;

/**
 * The configuration to copy and edit.
 * @param {Plugin} plugin
 */
export const exampleConfiguration = ({ name, configFolder, addressConstant, address }) => {
  const prefix = `PLUGIN_${name.toUpperCase()}_`;
  return `<?php

// Copy this file to ${configFolder}/config-${name}.php

/** The address of the Mattermost. */
define('${prefix}${addressConstant}', ${address});

/** Whether it is on for users who have chosen nothing in their settings. */
define('${prefix}USER_DEFAULT_ENABLE', true);

/** Whether it is opened in the background when the webmail starts, for the same users. */
define('${prefix}AUTOSTART', false);
`;
};

/**
 * No configuration file is named in it: a webmail ends with an error where one has a mistake. The server file reads it itself.
 * @param {Plugin} plugin
 * @param {string} version
 */
export function manifest({ name, title, webmailTitle }, version) {
  /** @param {(mode: string) => string} file The webmail loads the files of the mode that it runs in. */
  const inEachMode = (file) => ['release', 'debug', 'source'].map(file).join('\n');
  return `<?xml version="1.0"?>
<!DOCTYPE plugin SYSTEM "manifest.dtd">
<plugin version="2">
	<info>
		<version>${version}</version>
		<name>${name}</name>
		<title>${title}</title>
		<author>Notifymatters</author>
		<description>Mattermost in a tab of ${webmailTitle}, with its notifications</description>
	</info>
	<components>
		<component>
			<files>
				<server>
					<serverfile>php/plugin.${name}.php</serverfile>
				</server>
				<client>
${inEachMode((mode) => `\t\t\t\t\t<clientfile load="${mode}">js/mattermost-embed.js</clientfile>\n\t\t\t\t\t<clientfile load="${mode}">js/${name}.js</clientfile>`)}
				</client>
				<resources>
${inEachMode((mode) => `\t\t\t\t\t<resourcefile load="${mode}">resources/css/${name}.css</resourcefile>`)}
				</resources>
			</files>
		</component>
	</components>
</plugin>
`;
}
