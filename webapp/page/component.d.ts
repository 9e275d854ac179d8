declare module 'component' {
  export default function init(options: { module_or_path: URL }): Promise<unknown>;
  export const Component: ComponentClass;
}
