// The component as JavaScript: the same Rust source by way of wasm2js, loaded where WebAssembly has no way in. Runs in the page's own realm.

import * as code from 'component/code';
import { __wbg_set_wasm, Component } from 'component/glue';

__wbg_set_wasm(code);

export { Component };
