<?php

// As much of a webmail's server as a plugin meets: the hooks, the settings, the base class. Its arguments are the plugins' folder and
// a plugin's name; it prints the defaults that the plugin has added. The interface is Kopano WebApp's and grommunio-web 3.17's.

define('PATH_PLUGIN_DIR', $argv[1]);

class Plugin {
	private $name;

	public function setPluginName($name) {
		$this->name = $name;
	}

	public function getPluginName() {
		return $this->name;
	}

	public function registerHook($event) {
		$GLOBALS['PluginManager']->hooks[$event] = $this;
	}

	public function execute($event, &$data) {}

	public function init() {}
}

class Settings {
	public $defaults = [];

	public function addSysAdminDefaults($settings) {
		$this->defaults = array_replace_recursive($this->defaults, $settings);
	}
}

class PluginManager {
	public $hooks = [];

	public function triggerHook($event, $data = []) {
		if (isset($this->hooks[$event])) {
			$this->hooks[$event]->execute($event, $data);
		}
	}
}

$GLOBALS['PluginManager'] = new PluginManager();
include_once PATH_PLUGIN_DIR . "/$argv[2]/php/plugin.$argv[2].php";
$class = "Plugin$argv[2]";
$plugin = new $class();
$plugin->setPluginName($argv[2]);
$plugin->init();

$settings = new Settings();
// A page, and two of the requests that follow it.
$GLOBALS['PluginManager']->triggerHook('server.index.load.main.before');
foreach ([1, 2, 3] as $request) {
	$GLOBALS['PluginManager']->triggerHook('server.core.settings.init.before', ['settingsObj' => $settings]);
}
echo json_encode($settings->defaults);
