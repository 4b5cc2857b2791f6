/** The import of a built-in into an emitted module. In: its name. Out: the function, imported once a module. */
import type { Func, ModuleBuilder } from './builder.ts';
import { BUILTINS_MODULE, type BuiltinName, builtins } from './builtins.ts';

export function importBuiltin(module: ModuleBuilder, name: BuiltinName): Func {
  const { params, results } = builtins[name];
  return module.importFunc(
    { name, module: BUILTINS_MODULE, base: name, source: { kind: 'builtin', builtin: name } },
    { params: params.map(([, type]) => type), results },
  );
}
