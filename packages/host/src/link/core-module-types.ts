/** Core modules that the embedder supplies. In: a module and the type that the component imports. Out: what is wrong with it. */
import type { CoreModuleType } from '@gangway/component/plan';

/** What keeps a core module from being of a type; engines tell names and kinds, the rest they check when instantiating. */
export function moduleProblem(module: WebAssembly.Module, type: CoreModuleType): string | null {
  for (const item of WebAssembly.Module.imports(module)) {
    const offered = type.imports.find((one) => one.module === item.module && one.name === item.name);
    if (offered === undefined) return `it imports "${item.module}" "${item.name}", which it will not be given`;
    if (kindOf(offered.type.kind) !== item.kind) return `it imports "${item.module}" "${item.name}" as a ${item.kind}`;
  }
  const exported = WebAssembly.Module.exports(module);
  for (const item of type.exports) {
    const found = exported.find((one) => one.name === item.name);
    if (found === undefined) return `it does not export "${item.name}"`;
    if (found.kind !== kindOf(item.type.kind)) return `it exports "${item.name}" as a ${found.kind}`;
  }
  return null;
}

function kindOf(kind: CoreModuleType['exports'][number]['type']['kind']): string {
  return kind === 'func' ? 'function' : kind;
}
