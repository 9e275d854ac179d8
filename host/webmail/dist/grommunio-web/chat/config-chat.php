<?php

// Copy this file to /etc/grommunio-web/config-chat.php

/** The address of the Mattermost. */
define('PLUGIN_CHAT_URL', 'https://' . $_SERVER['HTTP_HOST'] . '/chat/');

/** Whether it is on for users who have chosen nothing in their settings. */
define('PLUGIN_CHAT_USER_DEFAULT_ENABLE', true);

/** Whether it is opened in the background when the webmail starts, for the same users. */
define('PLUGIN_CHAT_AUTOSTART', false);
