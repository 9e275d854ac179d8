import js from '@eslint/js';
import globals from 'globals';

import rules from './eslint.rules.js';

export default [
  js.configs.recommended,
  {
    files: ['page/**/*.js'],
    languageOptions: {
      globals: {
        ...globals.browser,
        // Written in by the build: the files' names with their hashes.
        START_FILE: 'readonly',
        REALM_FILE: 'readonly',
        COMPONENT_FILE: 'readonly',
        FALLBACK_FILE: 'readonly',
        CAPABILITIES_FILE: 'readonly',
        SIGN_IN_FILE: 'readonly',
        CONSOLE_FILE: 'readonly',
        // And the plugin's version.
        FRAME_VERSION: 'readonly',
      },
    },
  },
  { files: ['test/**/*.js'], languageOptions: { globals: globals.node } },
  // These run in pages as well.
  { files: ['test/standard/*.js'], languageOptions: { globals: globals.browser } },
  { rules },
];
