/**
 * The declarations are checked by the compiler they are for: `tsc --strict` on what is generated, and on an embedder
 * written by hand against it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '@bytecodealliance/jco';
import { decode, resolveFeatures, translate } from '@gangway/component';
import { typescriptDeclarations } from '@gangway/component/reflect';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
const features = resolveFeatures({ 'fixed-length-lists': true, 'error-context': true });

async function declarations(text: string, name = 'test'): Promise<string> {
  const bytes = Uint8Array.from(await parse(text));
  return typescriptDeclarations(translate(bytes, decode(bytes, { features })), { name });
}

/** What `tsc --strict` says of the files, by file; files that it accepts are missing. */
function compile(files: Readonly<Record<string, string>>): Map<string, string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'gangway-types-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      module: 'nodenext',
      types: [],
      target: 'es2022',
      // Less than what the declarations need: they bring the libraries that they refer to.
      lib: ['es2015', 'dom'],
    };
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: Object.keys(files) }));
    let output = '';
    try {
      execFileSync(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], {
        cwd: directory,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      output = (error as { readonly stdout: string }).stdout;
    }
    const errors = new Map<string, string[]>();
    for (const line of output.split('\n').filter((text) => text !== '')) {
      const file = /^([\w.-]+)\(/.exec(line)?.[1] ?? '';
      errors.set(file, [...(errors.get(file) ?? []), line]);
    }
    return errors;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A core module with a memory, a realloc, and one function `f<n>` for each signature. */
function core(signatures: readonly string[]): string {
  const funcs = signatures.map((signature, i) => `(func (export "f${i}") ${signature} unreachable)`).join(' ');
  return `(core module $M (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable) ${funcs})
    (core instance $m (instantiate $M))`;
}
const options = '(memory (core memory $m "memory")) (realloc (core func $m "realloc"))';

const everyType = `(component
  (import "test:all/types@1.2.3" (instance $types
    (type $point' (record (field "x" f64) (field "label-text" (option string))))
    (export "point" (type $point (eq $point')))
    (type $color' (enum "red" "dark-green"))
    (export "color" (type $color (eq $color')))
    (type $perms' (flags "read" "may-write"))
    (export "perms" (type $perms (eq $perms')))
    (type $shape' (variant (case "dot") (case "line-to" $point) (case "many" (list $point))))
    (export "shape" (type $shape (eq $shape')))
    (export "file" (type $file (sub resource)))
    (export "[constructor]file" (func (param "path" string) (result (own $file))))
    (export "[method]file.read-at" (func (param "self" (borrow $file)) (param "offset" u64) (result (result (list u8) (error $color)))))
    (export "[static]file.open-count" (func (result u32)))
    (export "draw" (func (param "s" $shape) (param "p" $perms) (param "t" (tuple u8 char)) (result $color)))))
  (alias export $types "shape" (type $shape))
  (alias export $types "file" (type $file))
  (import "log" (func $log (param "text" string)))
  ${core([
    '(param i32 i32) (result i32)',
    '(param i32 i32)',
    '(param i32) (result i32)',
    '(param i32 i32 i32) (result i32)',
    '(param i32) (result i32)',
    '(param i32) (result i32)',
    '(result i32)',
  ])}
  (type $r (resource (rep i32)))
  (func $numbers (param "n" (list u64)) (result (list f32)) (canon lift (core func $m "f0") ${options}))
  (func $give (param "f" (own $file)) (param "b" (borrow $file)) (canon lift (core func $m "f1")))
  (func $ctor (param "start" u32) (result (own $r)) (canon lift (core func $m "f2")))
  (func $deep (param "o" (option (option u8))) (result (map string (list (option bool)))) (canon lift (core func $m "f3") ${options}))
  (func $get (param "self" (borrow $r)) (result (result)) (canon lift (core func $m "f5")))
  (func $zero (result s64) (canon lift (core func $m "f6")))
  (component $Iface
    (import "r" (type $r (sub resource)))
    (import "ctor" (func $ctor (param "start" u32) (result (own $r))))
    (import "get" (func $get (param "self" (borrow $r)) (result (result))))
    (export $r' "counter" (type $r))
    (export "[constructor]counter" (func $ctor) (func (param "start" u32) (result (own $r'))))
    (export "[method]counter.get-it" (func $get) (func (param "self" (borrow $r')) (result (result)))))
  (instance $iface (instantiate $Iface (with "r" (type $r)) (with "ctor" (func $ctor)) (with "get" (func $get))))
  (export "test:all/counters" (instance $iface))
  (export "numbers" (func $numbers))
  (export "give" (func $give))
  (export "deep" (func $deep))
  (export "types2" (instance $types)))`.replace('(func $zero (result s64) (canon lift (core func $m "f6")))', '');

const embedder = `
import type { Exports, Imports, TestAllTypes } from './component.d.ts';

class File implements TestAllTypes.File {
  static opened = 0;
  readonly path: string;
  constructor(path: string) {
    this.path = path;
    File.opened++;
  }
  readAt(offset: bigint): Uint8Array {
    return new Uint8Array(Number(offset));
  }
  static openCount(): number {
    return File.opened;
  }
}

export const imports: Imports = {
  'test:all/types@1.2.3': {
    File,
    draw(shape, perms, [count, char]) {
      switch (shape.tag) {
        case 'dot':
          return perms.mayWrite ? 'red' : 'dark-green';
        case 'line-to':
          return shape.val.labelText === undefined && shape.val.x > count ? 'red' : 'dark-green';
        case 'many':
          return shape.val.length > char.length ? 'red' : 'dark-green';
      }
    },
  },
  log(text) {
    console.log(text.length);
  },
};

export function use(exports: Exports): number {
  const { Counter } = exports['test:all/counters'];
  using counter = new Counter(3);
  counter.getIt();
  const numbers: Float32Array = exports.numbers(new BigUint64Array([1n, 2n]));
  exports.give(new File('a'), new File('b'));
  const deep = exports.deep({ tag: 'some', val: undefined });
  const flags: (boolean | undefined)[] | undefined = deep.get('a');
  return numbers.length + (flags?.length ?? 0);
}

// What must not type-check.
export function misuse(exports: Exports): void {
  // @ts-expect-error a list of u64 holds bigints
  exports.numbers(new Float32Array(1));
  // @ts-expect-error a nested option is tagged
  exports.deep(5);
  // @ts-expect-error a plain object is no counter
  const counter: InstanceType<(typeof exports)['test:all/counters']['Counter']> = { getIt() {}, [Symbol.dispose]() {} };
  void counter;
}
`;

function namesOfEveryKind(): string {
  const labels = [
    'constructor',
    'prototype',
    'name',
    'length',
    'then',
    'delete',
    'class',
    'a1-2b',
    'a12b',
    'promise',
    'HTML-DOM',
  ];
  const funcs = labels.map((label) => `(export "${label}" (func (param "${label}" u8) (param "self" u8)))`);
  const members = labels.flatMap((label) => [
    `(export "[method]map.${label}" (func (param "self" (borrow $map)) (param "${label}" string)))`,
    `(export "[static]map.${label}" (func (result (own $map))))`,
  ]);
  const typeNames = ['promise-like', 'uint8-array', 'symbol', 'imports', 'exports', 'any', 'error', 'string'];
  const types = typeNames.map(
    (
      label,
      i,
    ) => `(type $t${i}' (record ${labels.map((field) => `(field "${field}" u${[8, 16, 32, 64][i % 4]})`).join(' ')} (field "n${i}" u8)))
      (export "${label}" (type $t${i} (eq $t${i}')))`,
  );
  return `(component
    (import "my:pkg/delete" (instance (export "map" (type $map (sub resource))) ${members.join(' ')} ${funcs.join(' ')} ${types.join(' ')}))
    (import "my:pkg/delete@2.0.0" (instance $again (export "map" (type $map (sub resource))) ${members.join(' ')}))
    (import "imports" (instance ${funcs.join(' ')}))
    ${labels.map((label) => `(import "${label}" (func))`).join(' ')}
    (export "my:pkg/delete" (instance $again)))`;
}

function awkwardMembers(): string {
  const labels = ['constructor', 'prototype', 'name', 'length', 'caller', 'arguments', 'then', 'dispose'];
  const exported = labels.flatMap((label, i) => [
    `(export "[method]thing.${label}" (func $method) (func (param "self" (borrow $r'))))`,
    `(export "[static]thing.${label}" (func $static))`,
    ...(i === 0 ? ['(export "[constructor]thing" (func $ctor) (func (result (own $r\'))))'] : []),
  ]);
  return `(component
    ${core(['(param i32)', '', '(result i32)'])}
    (type $r (resource (rep i32)))
    (func $method (param "self" (borrow $r)) (canon lift (core func $m "f0")))
    (func $static (canon lift (core func $m "f1")))
    (func $ctor (result (own $r)) (canon lift (core func $m "f2")))
    (component $C
      (import "r" (type $r (sub resource)))
      (import "method" (func $method (param "self" (borrow $r))))
      (import "static" (func $static))
      (import "ctor" (func $ctor (result (own $r))))
      (export $r' "thing" (type $r))
      ${exported.join('\n')})
    (instance $i (instantiate $C (with "r" (type $r)) (with "method" (func $method)) (with "static" (func $static)) (with "ctor" (func $ctor))))
    (export "my:pkg/things" (instance $i)))`;
}

const modulesAndComponents = `(component
  (import "m" (core module))
  (import "c" (component $c (export "f" (func))))
  (export "c2" (component $c)))`;

/** By file: what `gangway types` writes, and the embedder. */
const files: Record<string, string> = { 'embedder.ts': embedder };
let errors: Map<string, string[]>;

test.before(async () => {
  files['component.d.ts'] = await declarations(everyType);
  files['names.d.ts'] = await declarations(namesOfEveryKind());
  files['members.d.ts'] = await declarations(awkwardMembers());
  files['modules.d.ts'] = await declarations(modulesAndComponents);
  files['comment.d.ts'] = await declarations('(component)', '*/ oops /*');
  errors = compile(files);
});

function accepted(file: string): void {
  assert.equal(errors.get(file) ?? [], [], files[file] ?? '');
}

test('declarations of every kind of type', () => accepted('component.d.ts'));
test('an embedder written by hand compiles against them', () => accepted('embedder.ts'));
test('names of every kind', () => accepted('names.d.ts'));
test('exported resources with awkward members', () => accepted('members.d.ts'));
test('core modules and components', () => {
  accepted('modules.d.ts');
  assert.match(files['modules.d.ts'] ?? '', /m: WebAssembly\.Module;/);
});
test('a name that would end the comment', () => accepted('comment.d.ts'));
test('the compiler had nothing else to say', () => {
  assert.equal(
    [...errors.keys()].filter((file) => !(file in files)),
    [],
  );
});
test('the compiler finds mistakes', () => {
  const broken = compile({ 'broken.ts': 'export const x: number = "";' });
  assert.is(broken.get('broken.ts')?.length, 1);
});

test('async functions return a Promise', async () => {
  const text = await declarations(`(component
    (import "wait" (func async (param "x" u32) (result string)))
    (core module $M
      (func (export "run") (result i32) unreachable)
      (func (export "callback") (param i32 i32 i32) (result i32) unreachable))
    (core instance $m (instantiate $M))
    (func (export "run") async (result u32)
      (canon lift (core func $m "run") async (callback (core func $m "callback")))))`);
  assert.match(text, /wait\(x: number\): Promise<string>;/);
  assert.match(text, /run\(\): Promise<number>;/);
});

test.run();
