// The plugin's settings. Enable, address and autostart have the keys of the plugins before it; their defaults are the administrator's.

const BASE = `zarafa/v1/plugins/${PLUGIN.name}/`;

/** Each with what it is where nothing is stored. */
const DEFAULTS = {
  url: '',
  autostart: false,
  /** Whether the chat's notifications are shown. */
  notifications: true,
  /** What a click on one does: `open` the chat's tab, or `stay` in the one in front. */
  click: 'open',
};

/**
 * @template {keyof typeof DEFAULTS} K
 * @param {K} key
 * @param {SettingsModel} [model]
 * @returns {typeof DEFAULTS[K]}
 */
export const get = (key, model = container.getSettingsModel()) => /** @type {any} */ (model.get(BASE + key) ?? DEFAULTS[key]);

/**
 * @param {SettingsModel} model
 * @param {Partial<typeof DEFAULTS>} values
 */
export function set(model, values) {
  for (const [key, value] of Object.entries(values)) model.set(BASE + key, value);
}
