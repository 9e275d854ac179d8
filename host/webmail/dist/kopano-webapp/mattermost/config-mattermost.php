<?php

// Copy this file to /etc/kopano/webapp/config-mattermost.php

/** The address of the Mattermost. */
define('PLUGIN_MATTERMOST_HOST', 'https://chat.example.com/');

/** Whether it is on for users who have chosen nothing in their settings. */
define('PLUGIN_MATTERMOST_USER_DEFAULT_ENABLE', true);

/** Whether it is opened in the background when the webmail starts, for the same users. */
define('PLUGIN_MATTERMOST_AUTOSTART', false);
