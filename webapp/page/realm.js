// In the realm: compiles the component and hands it to the page that opened this frame.

import init, { Component } from 'component';

const door = /** @type {(HTMLIFrameElement & { notifymatters?: Door }) | null} */ (frameElement)?.notifymatters;

// The page and its realm load the same file; only in the frame that the page has made is there a door.
if (door) {
  init({ module_or_path: door.bytes }).then(
    () => door.open(Component),
    (error) => door.fail(error),
  );
}
