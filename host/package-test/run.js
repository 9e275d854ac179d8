// Tries the packed package as strangers do: node run.js <notifymatters-host.tgz>

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const [archive] = process.argv.slice(2).map((path) => resolve(path));
const project = mkdtempSync(join(tmpdir(), 'notifymatters-host-'));

/**
 * @param {string} what
 * @param {string} program
 * @param {...string} given
 */
function step(what, program, ...given) {
  console.log(`    ${what}`);
  execFileSync(program, given, { cwd: project, stdio: ['ignore', 'inherit', 'inherit'] });
}

const tool = (/** @type {string} */ name) => join(here, '../node_modules/.bin', name);

try {
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  step('an empty project installs it', 'npm', 'install', '--offline', '--no-audit', '--no-fund', '--silent', archive);
  for (const file of ['node.js', 'consumer.ts', 'mistakes.ts']) cpSync(join(here, file), join(project, file));
  step('node imports each entry', process.execPath, 'node.js');
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const compile = [
      tool('tsc'),
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--lib',
      'es2022,dom',
      '--module',
      module,
      '--moduleResolution',
      resolution,
    ];
    step(`a TypeScript project (${resolution}) compiles`, process.execPath, ...compile, 'consumer.ts', 'mistakes.ts');
  }
  step(
    'esbuild bundles it',
    tool('esbuild'),
    'node_modules/notifymatters-host/element.js',
    '--bundle',
    '--log-level=warning',
    '--outfile=bundled.js',
  );
  step('publint', tool('publint'), 'node_modules/notifymatters-host', '--strict', '--pack', 'false');
  step('are the types wrong?', tool('attw'), archive, '--profile', 'esm-only', '--definitely-typed', 'false', '--format', 'ascii');
} finally {
  rmSync(project, { recursive: true, force: true });
}
