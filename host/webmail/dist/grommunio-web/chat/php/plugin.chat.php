<?php

// Both plugins may be installed in one webmail.
if (!class_exists('NotifymattersPlugin', false)) {
	require __DIR__ . '/notifymatters.php';
}

class Pluginchat extends NotifymattersPlugin {
	protected $configFolder = '/etc/grommunio-web';

	protected $addressConstant = 'URL';
}
