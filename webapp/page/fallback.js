// The component as JavaScript: the same Rust source by way of wasm2js, loaded where WebAssembly has no way in.

import * as code from 'component/code';
import * as glue from 'component/glue';

import { engine } from './engine.js';

export default engine(glue, code);
