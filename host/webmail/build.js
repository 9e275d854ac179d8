// Builds both plugins into `webmail/dist/<webmail>/<plugin>/`, as they are unpacked into a webmail's folder of plugins.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { build, transformSync } from 'esbuild';

import { PLUGINS, exampleConfiguration, manifest, serverFile } from './plugins.js';

const HERE = 'webmail';
const OUT = `${HERE}/dist`;

/** The browser in Kopano's DeskApp is older than what the package is built for. */
const target = 'es2018';

const version = /^version = "(.+)"$/m.exec(readFileSync('../Cargo.toml', 'utf8'))[1];
const classicScript = transformSync(readFileSync('dist/mattermost-embed.classic.js', 'utf8'), {
  target,
  minify: true,
  charset: 'utf8',
}).code;

const style = readFileSync(`${HERE}/style.css`, 'utf8');

rmSync(OUT, { recursive: true, force: true });
for (const plugin of PLUGINS) {
  const { name, title, webmail, iconSize } = plugin;
  const folder = `${OUT}/${webmail}/${name}`;
  /**
   * @param {string} path
   * @param {string} content
   */
  const write = (path, content) => {
    mkdirSync(`${folder}/${path}`.replace(/\/[^/]+$/, ''), { recursive: true });
    writeFileSync(`${folder}/${path}`, content);
  };
  write('manifest.xml', manifest(plugin, version));
  write(`config-${name}.php`, exampleConfiguration(plugin));
  write(`php/plugin.${name}.php`, serverFile(plugin));
  write('js/mattermost-embed.js', classicScript);
  cpSync(`${HERE}/php/notifymatters.php`, `${folder}/php/notifymatters.php`);
  write(`resources/css/${name}.css`, `:root {\n\t--notifymatters-icon: ${iconSize}px;\n}\n\n${style}`);
  cpSync('../LICENSE', `${folder}/LICENSE`);
  await build({
    entryPoints: [`${HERE}/src/main.js`],
    outfile: `${folder}/js/${name}.js`,
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'iife',
    logLevel: 'warning',
    target,
    define: { PLUGIN: JSON.stringify({ name, title }) },
  });
}
