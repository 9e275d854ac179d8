// The plugin's part of its page in the System Console, loaded by `main.js` where that is shown.

import Capabilities from './capabilities.js';
import EmbeddingCheck from './check.js';

const PLUGIN_ID = 'notifymatters';

/** Those with which the table of capabilities is registered. @type {WeakSet<Registry>} */
const registered = new WeakSet();

/**
 * The embedding check. The table of capabilities takes the place of that setting's text field only once this script is there:
 * where it cannot be loaded, the field stays. Mattermost shows what is registered in place of a setting of any type (5.39 to 11).
 *
 * @param {Omit<import('./check.js').Props, 'surroundings'> & {folder: string, store: import('./facts.js').Surroundings['store'],
 *   registry: Registry}} props those of the System Console, the plugin's static folder, the page's store, and the plugin's registry
 */
export default function Check({ folder, store, registry, ...props }) {
  const { createElement, useEffect, useMemo } = window.React;
  const surroundings = useMemo(
    () => ({
      // The folder is <site>/static/plugins/<id>/.
      base: new URL('../../..', folder).href.replace(/\/$/, ''),
      pluginId: PLUGIN_ID,
      realm: folder + REALM_FILE,
      store,
    }),
    [folder, store],
  );
  useEffect(() => {
    if (!registered.has(registry)) {
      registered.add(registry);
      registry.registerAdminConsoleCustomSetting?.('Capabilities', (setting) =>
        createElement(Capabilities, /** @type {any} */ ({ ...setting, surroundings })),
      );
    }
  }, [registry, surroundings, createElement]);
  return createElement(EmbeddingCheck, { ...props, surroundings });
}
