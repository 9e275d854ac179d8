// Builds the package into `dist/`, prints what its files weigh, and fails where a page would have to load too much.

import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const OUT = 'dist';

/** What a page may have to load, in bytes, gzipped. */
const BUDGET = { 'embed.js': 3000, 'element.js': 4500, 'mattermost-embed.js': 8000 };

/** Private fields and `??=`: Chrome 91, Firefox 90, Safari 15. */
const common = { bundle: true, minify: true, charset: 'utf8', target: 'es2021', logLevel: 'warning' };

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);
const source = JSON.parse(readFileSync('package.json', 'utf8'));
const version = /^version = "(.+)"$/m.exec(readFileSync('../Cargo.toml', 'utf8'))[1];

/** For bundlers: a file an entry, which share what they have in common. */
for (const entry of ['embed', 'element', 'requests', 'toast']) {
  await build({
    ...common,
    entryPoints: [`src/${entry}.js`],
    outfile: `${OUT}/${entry}.js`,
    format: 'esm',
    external: ['./embed.js', './toast.js'],
  });
}
await build({ ...common, entryPoints: ['src/worker.js'], outfile: `${OUT}/worker.js`, format: 'iife' });
/** For pages without one: all of it in one file. */
const whole = { ...common, entryPoints: ['src/whole.js'] };
await build({ ...whole, outfile: `${OUT}/mattermost-embed.js`, format: 'esm' });
await build({ ...whole, outfile: `${OUT}/mattermost-embed.classic.js`, format: 'iife', globalName: 'NotifymattersHost' });

/** The example as a bundler makes it of the package, for the tests: React is the page's own. */
await build({
  ...common,
  entryPoints: ['examples/react.jsx'],
  outfile: 'dist-examples/react.js',
  format: 'esm',
  jsx: 'transform',
  banner: { js: 'const { React } = window;' },
  alias: { react: './examples/page-react.js', 'notifymatters-host/element': './dist/element.js' },
});

execFileSync(
  'node_modules/.bin/tsc',
  ['--project', 'tsconfig.json', '--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', 'src', '--outDir', OUT],
  { stdio: 'inherit' },
);
for (const made of readdirSync(OUT, { withFileTypes: true })) {
  const isInner = /^(once|show|toast|whole)\.d\.ts$/.test(made.name);
  if (made.isDirectory() || isInner) rmSync(`${OUT}/${made.name}`, { recursive: true });
}
for (const types of ['types.d.ts', 'protocol.d.ts']) cpSync(`src/${types}`, `${OUT}/${types}`);
appendFileSync(`${OUT}/embed.d.ts`, "export type * from './types.js';\nexport type * from './protocol.js';\n");
appendFileSync(
  `${OUT}/element.d.ts`,
  "declare global {\n  interface HTMLElementTagNameMap {\n    'mattermost-embed': MattermostEmbed;\n  }\n}\n",
);
writeFileSync(`${OUT}/worker.d.ts`, 'export {};\n');
writeFileSync(`${OUT}/mattermost-embed.d.ts`, "export { embed } from './embed.js';\nexport { MattermostEmbed } from './element.js';\n");

const { name, description, license, type, keywords } = source;
/** @param {string} file */
const entry = (file) => ({ types: `./${file}.d.ts`, default: `./${file}.js` });
const manifest = {
  name,
  version,
  description,
  license,
  keywords,
  type,
  sideEffects: ['./element.js', './mattermost-embed.js', './mattermost-embed.classic.js', './worker.js'],
  exports: {
    '.': entry('embed'),
    './element': entry('element'),
    './requests': entry('requests'),
    './worker': entry('worker'),
    './mattermost-embed.js': entry('mattermost-embed'),
    './package.json': './package.json',
  },
  types: './embed.d.ts',
  unpkg: './mattermost-embed.classic.js',
  jsdelivr: './mattermost-embed.classic.js',
};
writeFileSync(`${OUT}/package.json`, JSON.stringify(manifest, null, 2) + '\n');
cpSync('README.md', `${OUT}/README.md`);
cpSync('../LICENSE', `${OUT}/LICENSE`);

const readme = readFileSync('README.md', 'utf8');
const faults = [];
for (const file of readdirSync(OUT).filter((file) => file.endsWith('.js'))) {
  const content = readFileSync(`${OUT}/${file}`);
  const size = gzipSync(content, { level: 9 }).length;
  const integrity = 'sha384-' + createHash('sha384').update(content).digest('base64');
  console.log(`    ${file}: ${content.length} bytes, ${size} gzipped\n        integrity="${integrity}"`);
  if (size > (BUDGET[file] ?? Infinity)) faults.push(`${file} has ${size} bytes gzipped, more than ${BUDGET[file]}`);
  const row = `| \`${file}\` | ${(size / 1000).toFixed(1)} kB |`;
  if (!readme.includes(row)) faults.push(`README.md: the table of sizes wants the row ${row}`);
}
if (faults.length) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
}
