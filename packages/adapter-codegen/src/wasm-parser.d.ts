/** The part of @webassemblyjs/wasm-parser that read-back.ts uses; the package has no declarations of its own. */
declare module '@webassemblyjs/wasm-parser' {
  interface Signature {
    readonly params: readonly { readonly valtype: string }[];
    readonly results: readonly string[];
  }
  interface Limits {
    readonly min: number;
    readonly max?: number;
  }
  type ImportDescription =
    | { readonly type: 'FuncImportDescr'; readonly signature: Signature }
    | { readonly type: 'Memory'; readonly limits: Limits }
    | { readonly type: 'Table'; readonly limits: Limits }
    | { readonly type: 'GlobalType'; readonly valtype: string; readonly mutability: 'const' | 'var' };
  type Field =
    | {
        readonly type: 'ModuleImport';
        readonly module: string;
        readonly name: string;
        readonly descr: ImportDescription;
      }
    | {
        readonly type: 'ModuleExport';
        readonly name: string;
        readonly descr: { readonly exportType: string; readonly id: { readonly value: string | number } };
      }
    | { readonly type: 'Func'; readonly name: { readonly value: string }; readonly signature: Signature }
    | { readonly type: 'Other' };
  interface Program {
    readonly body: readonly [{ readonly fields: readonly Field[] }];
  }
  export function decode(
    bytes: ArrayBufferLike,
    options: { readonly ignoreCodeSection: boolean; readonly ignoreDataSection: boolean },
  ): Program;
}
