<?php

// Both plugins may be installed in one webmail.
if (!class_exists('NotifymattersPlugin', false)) {
	require __DIR__ . '/notifymatters.php';
}

class Pluginmattermost extends NotifymattersPlugin {
	protected $configFolder = '/etc/kopano/webapp';

	protected $addressConstant = 'HOST';
}
