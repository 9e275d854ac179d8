// The component on top of what runs it: WebAssembly, or the same program as JavaScript.

/** What a component that failed finds in the place of its own functions: the browser still calls it to free what it forgot. */
const NOBODY = new Proxy({}, { get: () => () => {} });

/**
 * @param {Glue} glue what wasm-bindgen wrote for this form of the component
 * @param {object} exports the functions of the component that was compiled
 * @returns {Engine}
 */
export function engine(glue, exports) {
  glue.__wbg_set_wasm(exports);
  /** @type {{ __wbindgen_start?: () => void }} */ (exports).__wbindgen_start?.();
  return { Component: glue.Component, end: () => glue.__wbg_set_wasm(NOBODY) };
}
