/** The part of WebAssembly's JavaScript interface that is used here; TypeScript describes it for browsers only. */
export type Memory = { readonly buffer: ArrayBuffer };

type Pages = { readonly initial: number; readonly maximum: number; readonly shared: boolean };

type WebAssembly = {
  readonly Memory: new (pages: Pages) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: Memory } },
  ) => { readonly exports: unknown };
};

export const { WebAssembly: webAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssembly };
