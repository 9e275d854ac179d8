// The realm's own script: compiles the component and hands it to the page that opened this frame.

import init, { Component } from 'component';

const door = /** @type {(HTMLIFrameElement & { notifymatters?: Door }) | null} */ (frameElement)?.notifymatters;

// Opened by anything else than the plugin's own script, this page does nothing.
if (door) {
  door.arrived();
  init({ module_or_path: new URL(COMPONENT_FILE, location.href) }).then(
    () => door.open(Component),
    (error) => door.fail(error),
  );
}
