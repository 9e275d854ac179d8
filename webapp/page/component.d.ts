declare module 'component' {
  export default function init(options: { module_or_path: Promise<ArrayBuffer> }): Promise<unknown>;
  export const Component: ComponentClass;
}

declare module 'component/glue' {
  export function __wbg_set_wasm(exports: object): void;
  export const Component: ComponentClass;
}

declare module 'component/code' {}
