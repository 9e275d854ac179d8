// What crosses between the page's scripts and the component as numbers, by its names in messages.

/** @type {import('../../host/src/protocol.js').Capabilities} */
export const CAPABILITIES = ['unread', 'session', 'view', 'status', 'context', 'go', 'status.set'];

/** @type {import('../../host/src/protocol.js').Farewells} */
export const FAREWELLS = ['superseded', 'signed-out'];
