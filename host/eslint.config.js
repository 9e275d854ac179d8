import js from '@eslint/js';
import globals from 'globals';

import rules from '../webapp/eslint.rules.js';

export default [
  { ignores: ['dist/', 'dist-examples/', 'webmail/dist/'] },
  js.configs.recommended,
  { files: ['src/**/*.js', 'examples/**/*.js'], languageOptions: { globals: globals.browser } },
  {
    files: ['webmail/src/**/*.js'],
    languageOptions: {
      globals: {
        ...globals.browser,
        Ext: 'readonly',
        NotifymattersHost: 'readonly',
        PLUGIN: 'readonly',
        Zarafa: 'readonly',
        container: 'readonly',
      },
    },
  },
  { files: ['src/worker.js'], languageOptions: { globals: globals.serviceworker } },
  { files: ['*.js', 'test/**/*.js', 'package-test/*.js', 'webmail/*.js', 'webmail/test/*.js'], languageOptions: { globals: globals.node } },
  { rules },
];
