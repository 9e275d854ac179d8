// For pages that load React by a script element: what the example imports.

export const { useEffect, useRef } = window.React;
