/**
 * Holds the direct writer against binaryen. In: a plan. Out: what is emitted for it by both back ends, after checks that
 * everything is valid and that imports, exports and the text of the functions are the same.
 */
import assert from 'node:assert/strict';
import { checkEmitted, type EmittedComponent, type EmittedModule, emitAll, toWat } from '@gangway/adapter-codegen';
import type { ComponentPlan } from '@gangway/component';
import type { PointerSize } from '@gangway/offsets';
import { loadBinaryen } from '../../../packages/adapter-codegen/src/binaryen/load.ts';

export interface Comparison {
  /** Functions that both wrote in the same instructions. */
  readonly same: number;
  /** Functions that differ in how they take several results apart or catch; tests of behaviour cover those. */
  readonly different: number;
}

export async function compare(plan: ComponentPlan, pointerSize: PointerSize = 4): Promise<Comparison> {
  const [direct, binaryen] = await Promise.all([
    emitAll(plan, { pointerSize, codegen: 'direct', lowering: 'spilled' }),
    emitAll(plan, { pointerSize, codegen: 'binaryen', lowering: 'spilled' }),
  ]);
  const pairs = modulesOf(direct).map((module, i) => [module, modulesOf(binaryen)[i]!] as const);
  assert.equal(pairs.length, modulesOf(binaryen).length);
  let same = 0;
  let different = 0;
  for (const [ours, theirs] of pairs) {
    const count = await compareModules(ours, theirs);
    same += count.same;
    different += count.different;
  }
  return { same, different };
}

const modulesOf = ({ trampolines, callees, adapters }: EmittedComponent): EmittedModule[] =>
  [trampolines, callees, ...adapters].filter((module) => module !== null);

export async function compareModules(ours: EmittedModule, theirs: EmittedModule): Promise<Comparison> {
  assert.equal(ours.name, theirs.name);
  for (const module of [ours, theirs]) {
    assert.ok(WebAssembly.validate(module.bytes), module.name);
    await checkEmitted(module);
  }
  const [text, wanted] = [await toWat(ours.bytes), await toWat(theirs.bytes)];
  // Binaryen's validator refuses copies between memories of different address types.
  if (!/memory\.copy/.test(text) || !/\(memory \S+ i64/.test(text)) assert.ok(await validatedByBinaryen(ours.bytes));
  assert.deepEqual(ours.imports.toSorted(byName), theirs.imports.toSorted(byName));
  assert.deepEqual(ours.exports, theirs.exports);
  assert.deepEqual(imports(ours).toSorted(byName), imports(theirs).toSorted(byName));
  assert.deepEqual(
    WebAssembly.Module.exports(new WebAssembly.Module(ours.bytes)),
    WebAssembly.Module.exports(new WebAssembly.Module(theirs.bytes)),
  );
  return compareFunctions(ours.name, functionsOf(text), functionsOf(wanted));
}

const imports = (module: EmittedModule): WebAssembly.ModuleImportDescriptor[] =>
  WebAssembly.Module.imports(new WebAssembly.Module(module.bytes));

const byName = (a: { module: string; name: string }, b: { module: string; name: string }): number =>
  a.module === b.module ? a.name.localeCompare(b.name) : a.module.localeCompare(b.module);

/** Binaryen reads the bytes and finds them valid. It prints what it doesn't like. */
async function validatedByBinaryen(bytes: Uint8Array): Promise<boolean> {
  const binaryen = await loadBinaryen();
  const f = binaryen.Features;
  // "All" includes proposals that change what a valid module is; these are the ones that emitted code may use.
  const features =
    f.MutableGlobals |
    f.SignExt |
    f.NontrappingFPToInt |
    f.BulkMemory |
    f.BulkMemoryOpt |
    f.ReferenceTypes |
    f.Multivalue |
    f.SIMD128 |
    f.ExceptionHandling |
    f.TailCall |
    f.MultiMemory |
    f.Memory64;
  const module = binaryen.readBinary(bytes);
  module.setFeatures(features);
  try {
    return module.validate() !== 0;
  } finally {
    module.dispose();
  }
}

/** The functions of a module's text, by name; what the printer made up for imports without a name is left out of names. */
function functionsOf(wat: string): Map<string, string> {
  const functions = new Map<string, string>();
  const imported = new Map<string, string>();
  for (const [, module = '', base = '', name = ''] of wat.matchAll(
    /\(import "([^"]*)" "([^"]*)" \((?:func|global) (\$\S+?)[\s)]/g,
  )) {
    imported.set(name, `<${module} ${base}>`);
  }
  const names = (text: string): string =>
    text.replaceAll(/((?:call|global\.get) )(\$[^\s)]+)/g, (_, use, name) => use + (imported.get(name) ?? name));
  for (const part of wat.split(/\n {2}\((?=func|export|elem|import|start|type)/)) {
    const name = /^func (\$\S+)/.exec(part)?.[1];
    if (name !== undefined) functions.set(name, sortLocals(names(part).replace(/\)\s*$/, '')));
  }
  return functions;
}

/** Binaryen declares variables by type; code names them. */
const sortLocals = (func: string): string =>
  func.replace(/^ +(?:\(local \S+ \w+\) ?)+$/m, (line) =>
    line
      .trim()
      .split(/ (?=\()/)
      .sort()
      .join(' '),
  );

function compareFunctions(module: string, ours: Map<string, string>, theirs: Map<string, string>): Comparison {
  assert.deepEqual([...ours.keys()], [...theirs.keys()], `${module}: the functions`);
  let same = 0;
  let different = 0;
  for (const [name, text] of ours) {
    if (text === theirs.get(name)) same++;
    else {
      // Binaryen keeps the results of a call in variables of its own, and has its own way to write a try.
      const mayDiffer = /\(local \$results|\(local \$l\d+|try_table/.test(theirs.get(name)!);
      if (!mayDiffer) assert.equal(text, theirs.get(name), `${module}: ${name}`);
      different++;
    }
  }
  return { same, different };
}
