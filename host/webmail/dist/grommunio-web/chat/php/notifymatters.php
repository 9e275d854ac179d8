<?php

// The server's half, for Kopano WebApp and grommunio-web: reads what the administrator has configured and hands it to the client
// as defaults of its settings. Whatever is wrong disables this plugin, with a line in the log, and never the webmail.

/** What is configured makes no sense; the message says what and what to do. */
class NotifymattersConfigurationException extends Exception {}

/** The webmail's plugin manager makes one of `Plugin<name>`, which is this with a name of its own. PHP 7.0 and later. */
abstract class NotifymattersPlugin extends Plugin {
	/** Where the packages of this webmail keep their configuration. */
	protected $configFolder;

	/** The constant that holds the chat's address, without the prefix. */
	protected $addressConstant;

	/** What is wrong, once it is known. */
	private $fault = '';

	public function init() {
		try {
			$this->readConfiguration();
		} catch (Throwable $error) {
			// PHP reports a syntax error in an included file as a ParseError.
			$where = basename($error->getFile()) . ', line ' . $error->getLine();
			$this->fault = 'its configuration fails: ' . $where . ': ' . preg_replace('/\s+/', ' ', $error->getMessage());
		}
		$this->registerHook('server.core.settings.init.before');
		// Only the page itself triggers it, not its many requests: one line in the log a page.
		$this->registerHook('server.index.load.main.before');
	}

	public function execute($eventID, &$data) {
		try {
			$settings = $this->settings();
		} catch (NotifymattersConfigurationException $fault) {
			if ($eventID === 'server.index.load.main.before') {
				error_log('Plugin ' . $this->getPluginName() . ' is disabled: ' . $fault->getMessage());
			}
			$settings = ['enable' => false, 'url' => '', 'autostart' => false];
		}
		if ($eventID === 'server.core.settings.init.before') {
			$plugins = [$this->getPluginName() => $settings];
			$data['settingsObj']->addSysAdminDefaults(['zarafa' => ['v1' => ['plugins' => $plugins]]]);
		}
	}

	/**
	 * The configuration defines constants. It lies in the plugin's own folder, or else where the webmail's packages keep theirs: so
	 * nobody has to link the one to the other, and an upgrade of the plugin overwrites neither.
	 */
	private function readConfiguration() {
		foreach ([$this->ownConfig(), $this->packagesConfig()] as $file) {
			// What `open_basedir` forbids is not there.
			if (@is_file($file)) {
				// What stands before `<?php`, such as a byte order mark, would go out before the page's headers.
				ob_start();
				try {
					include_once $file;
				} finally {
					ob_end_clean();
				}
				return;
			}
		}
	}

	private function ownConfig() {
		$folder = defined('PATH_PLUGIN_CONFIG_DIR') ? PATH_PLUGIN_CONFIG_DIR : PATH_PLUGIN_DIR;
		return $folder . '/' . $this->getPluginName() . '/config.php';
	}

	private function packagesConfig() {
		return $this->configFolder . '/config-' . $this->getPluginName() . '.php';
	}

	/** The defaults of the plugin's settings, under the keys that webmails have stored since 2017. */
	private function settings() {
		if ($this->fault !== '') {
			throw new NotifymattersConfigurationException($this->fault);
		}
		$name = $this->constantName($this->addressConstant);
		$address = $this->configured($this->addressConstant);
		if ($address === null) {
			throw new NotifymattersConfigurationException(
				$name . ' is not defined; define it in ' . $this->packagesConfig() . ", such as define('$name', 'https://chat.example.com/');"
			);
		}
		return [
			'enable' => $this->isOn('USER_DEFAULT_ENABLE'),
			'url' => self::address($name, $address),
			'autostart' => $this->isOn('AUTOSTART'),
		];
	}

	private function constantName($rest) {
		return 'PLUGIN_' . strtoupper($this->getPluginName()) . '_' . $rest;
	}

	/** What the administrator has defined, or null. */
	private function configured($rest) {
		$name = $this->constantName($rest);
		return defined($name) ? constant($name) : null;
	}

	/** Containers and other generators write 'true' or 'FALSE' as text. */
	private function isOn($rest) {
		return filter_var($this->configured($rest), FILTER_VALIDATE_BOOLEAN);
	}

	/**
	 * The chat's address as a page can load it.
	 *
	 * Understood are a whole address, a host with or without port and path (then by https), `//host/path`, and `/path` on the
	 * webmail's own server.
	 */
	private static function address($name, $configured) {
		$refuse = function ($why) use ($name) {
			throw new NotifymattersConfigurationException("$name $why; write it as in 'https://chat.example.com/'");
		};
		if (!is_string($configured) || trim($configured) === '') {
			$refuse('holds no address');
		}
		// The log gets one line, and no password that somebody has written into the address.
		$address = trim($configured);
		if (preg_match('/[\x00-\x20\x7f"<>\\\\^`{|}]/', $address)) {
			$refuse('holds characters that no address has');
		}
		if (preg_match('#^/(?!/)#', $address)) {
			return $address;
		}
		if (strpos($address, '//') === 0) {
			$address = 'https:' . $address;
		} elseif (strpos($address, '://') === false) {
			// `chat.example.com:8065` has no scheme, `javascript:…` and `mailto:…` have.
			if (preg_match('/^[a-z][a-z0-9+.-]*:(?!\d)/i', $address)) {
				$refuse('is no address of the web');
			}
			$address = 'https://' . $address;
		}
		$parts = parse_url($address);
		if ($parts === false || empty($parts['host'])) {
			$refuse('is no address of the web');
		}
		if (!in_array(strtolower($parts['scheme']), ['http', 'https'], true)) {
			$refuse('begins neither with https:// nor with http://');
		}
		if (isset($parts['user']) || isset($parts['pass'])) {
			$refuse('holds a user name or a password');
		}
		return $address;
	}
}
