// All of the package in one file, for pages without a bundler.

export { MattermostEmbed } from './element.js';
export { embed } from './embed.js';
