// The embedding check, loaded by `main.js` where the System Console shows it.

import EmbeddingCheck from './check.js';

const PLUGIN_ID = 'notifymatters';

/**
 * @param {Omit<import('./check.js').Props, 'surroundings'> & {folder: string, store: import('./facts.js').Surroundings['store']}} props
 *   those of the System Console, the plugin's static folder, and the page's store
 */
export default function Check({ folder, store, ...props }) {
  const { createElement, useMemo } = window.React;
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
  return createElement(EmbeddingCheck, { ...props, surroundings });
}
