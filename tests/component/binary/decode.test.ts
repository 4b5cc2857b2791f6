import {
  allFeatures,
  type ComponentAst,
  DecodeError,
  type Definition,
  decode,
  ValidationError,
} from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, component, everything, flat, leb, modulePreamble, preamble, section, text } from './assemble.ts';

const all = { features: allFeatures };

function definitions(...sections: Bytes): readonly Definition[] {
  return decode(component(...sections), all).definitions;
}

/** The error that decoding raises; the test fails when there is none or another one. */
function failure(bytes: Uint8Array, options = all): DecodeError | ValidationError {
  try {
    decode(bytes, options);
  } catch (error) {
    if (error instanceof DecodeError || error instanceof ValidationError) return error;
    throw error;
  }
  throw new Error('decode accepted the bytes');
}

function fails(
  bytes: Uint8Array,
  offset: number,
  part: string,
  kind: typeof DecodeError | typeof ValidationError = DecodeError,
) {
  const error = failure(bytes);
  assert.instance(error, kind);
  assert.is(error.offset, offset, error.message);
  assert.ok(error.message.startsWith(`0x${offset.toString(16)}: `), error.message);
  assert.ok(error.detail.includes(part), error.detail);
}

test('the empty component', () => {
  const ast = decode(component());
  assert.equal(ast, {
    kind: 'component',
    range: { start: 0, end: 8 },
    definitions: [],
    names: { instances: new Map() },
  });
});

test('preambles', () => {
  fails(Uint8Array.from([]), 0, 'unexpected end-of-file');
  fails(Uint8Array.from(preamble.slice(0, 6)), 6, 'unexpected end-of-file');
  fails(Uint8Array.from([0, 0x61, 0x73, 0x6e, 13, 0, 1, 0]), 3, 'magic header not detected');
  fails(Uint8Array.from(modulePreamble), 4, 'expected a version header for a component');
  fails(Uint8Array.from([0, 0x61, 0x73, 0x6d, 12, 0, 1, 0]), 4, 'unknown binary version 0xc');
});

test('a component with everything decodes into definitions in order', async () => {
  const ast = decode(await text(everything));
  const kinds: Definition['kind'][] = ast.definitions.map((d) => d.kind).filter((kind) => kind !== 'custom');
  assert.is(kinds[0], 'core-module');
  const wanted: Definition['kind'][] = [
    'core-type',
    'core-instance',
    'alias',
    'import',
    'type',
    'canon',
    'component',
    'instance',
    'export',
  ];
  for (const kind of wanted) {
    assert.ok(kinds.includes(kind), kind);
  }
  assert.is(ast.names.component, 'root');
  const offsets = ast.definitions.map((d) => d.offset);
  assert.equal(
    offsets,
    offsets.toSorted((a, b) => a - b),
  );
  const inner = ast.definitions.find((d) => d.kind === 'component') as { component: ComponentAst };
  assert.equal(
    inner.component.definitions.filter((d) => d.kind !== 'custom').map((d) => d.kind),
    ['type', 'import', 'type', 'export'],
  );
});

test('types', () => {
  const types = (...items: Bytes): unknown[] =>
    definitions(section(7, leb(items.length), items)).map((d) => (d.kind === 'type' ? d.type : d));
  assert.equal(types([0x72, 1, 'a', 0x7f], [0x71, 2, 'x', 1, 0x7e, 0, 'y', 0, 0], [0x70, 0]), [
    { kind: 'record', fields: [{ label: 'a', type: 'bool', offset: 13 }] },
    {
      kind: 'variant',
      cases: [
        { label: 'x', type: 's8', offset: 18 },
        { label: 'y', offset: 23 },
      ],
    },
    { kind: 'list', element: 0 },
  ]);
  assert.equal(types([0x67, 0x7d, 3], [0x6f, 2, 0x7c, 0x79], [0x6e, 1, 'f'], [0x6d, 1, 'e'], [0x6b, 0x7a]), [
    { kind: 'list', element: 'u8', length: 3 },
    { kind: 'tuple', types: ['s16', 'u32'] },
    { kind: 'flags', labels: ['f'] },
    { kind: 'enum', labels: ['e'] },
    { kind: 'option', type: 's32' },
  ]);
  assert.equal(types([0x6a, 0, 1, 0x73], [0x6a, 1, 0x64, 0], [0x69, 4], [0x68, 5], [0x66, 0], [0x65, 1, 0x7d]), [
    { kind: 'result', err: 'string' },
    { kind: 'result', ok: 'error-context' },
    { kind: 'own', resource: 4 },
    { kind: 'borrow', resource: 5 },
    { kind: 'stream' },
    { kind: 'future', element: 'u8' },
  ]);
  assert.equal(types([0x63, 0x73, 0x79], [0x43, 0, 1, 0], [0x40, 1, 'p', 0x74, 0, 0x81, 0x01], [0x3f, 0x7e, 1, 9]), [
    { kind: 'map', key: 'string', value: 'u32' },
    { kind: 'func', async: true, params: [] },
    { kind: 'func', async: false, params: [{ label: 'p', type: 'char', offset: 20 }], result: 129 },
    { kind: 'resource', rep: 'i64', dtor: 9 },
  ]);
  // a type index may be a padded signed LEB128
  assert.equal(types([0x70, 0x85, 0x80, 0x80, 0x80, 0x00]), [{ kind: 'list', element: 5 }]);
});

test('component and instance types', () => {
  const decls = [3, [1, 0x73], [2, 3, 2, 1, 0], [4, 0, 't', 3, 0, 0]] as const;
  const [type] = definitions(section(7, 1, 0x42, decls));
  assert.equal(type, {
    offset: 11,
    kind: 'type',
    type: {
      kind: 'instance-type',
      declarations: [
        { offset: 13, kind: 'type', type: { kind: 'prim', prim: 'string' } },
        { offset: 15, kind: 'alias', alias: { kind: 'outer', sort: 'type', count: 1, index: 0 } },
        {
          offset: 20,
          kind: 'export',
          name: { name: 't', offset: 22, attributes: [] },
          type: { kind: 'type', bound: { kind: 'eq', type: 0 } },
        },
      ],
    },
  });
  fails(
    component(section(7, 1, 0x42, 1, 3, 0, 'a', 3, 1)),
    13,
    'invalid leading byte (0x3) for component or instance type declaration',
  );
});

test('core types: rec groups, sub types, module types', () => {
  const types = definitions(
    section(
      3,
      3,
      [0x4e, 2, 0x60, 0, 1, 0x64, 1, 0x50, 1, 0, 0x5f, 2, 0x78, 1, 0x63, 0x6e, 0],
      [0, 0x50, 0, 0x60, 0, 0],
      [0x5e, 0x77, 0],
    ),
    section(3, 1, 0x50, 4, [1, 0x50, 0, 0x60, 0, 0], [0, 'a', 'b', 2, 5, 1, 2], [2, 0x10, 1, 1, 0], [3, 'e', 4, 0, 0]),
  ).map((d) => (d.kind === 'core-type' ? d.type : d));
  assert.equal(types, [
    {
      kind: 'rec',
      types: [
        {
          final: true,
          supers: [],
          comp: { kind: 'func', params: [], results: [{ kind: 'ref', nullable: false, heap: 1 }] },
        },
        {
          final: false,
          supers: [0],
          comp: {
            kind: 'struct',
            fields: [
              { storage: 'i8', mutable: true },
              { storage: { kind: 'ref', nullable: true, heap: 'any' }, mutable: false },
            ],
          },
        },
      ],
    },
    { kind: 'sub', type: { final: false, supers: [], comp: { kind: 'func', params: [], results: [] } } },
    {
      kind: 'sub',
      type: { final: true, supers: [], comp: { kind: 'array', field: { storage: 'i16', mutable: false } } },
    },
    {
      kind: 'module-type',
      declarations: [
        {
          offset: 42,
          kind: 'type',
          type: { kind: 'sub', type: { final: false, supers: [], comp: { kind: 'func', params: [], results: [] } } },
        },
        {
          offset: 48,
          kind: 'import',
          module: 'a',
          name: 'b',
          type: { kind: 'memory', limits: { min: 1n, max: 2n, shared: false, address: 'i64' } },
        },
        { offset: 57, kind: 'alias', sort: 'type', count: 1, index: 0 },
        { offset: 62, kind: 'export', name: 'e', type: { kind: 'tag', type: 0 } },
      ],
    },
  ]);
  fails(
    component(section(3, 1, 0x50, 2, 1, 0x50, 0, 1, 0x60, 0, 0)),
    14,
    'invalid leading byte (0x50)',
    ValidationError,
  );
});

test('values and start', () => {
  assert.equal(definitions(section(12, 1, 0x7d, 1, 42), section(9, 3, 2, 0, 1, 1)), [
    { offset: 11, kind: 'value', type: 'u8', bytes: { start: 13, end: 14 } },
    { offset: 16, kind: 'start', func: 3, args: [0, 1], results: 1 },
  ]);
  fails(component(section(12, 1, 0x7d, 2, 42)), 12, 'unexpected end-of-file while reading a value');
});

test('names and their attributes', () => {
  const [definition] = definitions(section(10, 1, 2, 'i', 4, [0, 'a:b/c'], [1, '.1.0'], [2, 'id'], [2, 'again'], 5, 0));
  assert.equal(definition, {
    offset: 11,
    kind: 'import',
    name: {
      name: 'i',
      offset: 12,
      implements: 'a:b/c',
      versionSuffix: '.1.0',
      externalId: 'again',
      attributes: ['implements', 'versionsuffix', 'external-id', 'external-id'],
    },
    type: { kind: 'instance', type: 0 },
  });
});

test('every canonical definition', () => {
  const bytes = [
    [0x00, 0, 1, 2, 0x03, 7, 0x05, 8, 9],
    [0x01, 0, 1, 1, 0x02],
    [0x02, 3],
    [0x03, 3],
    [0x04, 3],
    [0x24],
    [0x25],
    [0x09, 0, 0x73, 1, 0x03, 0],
    [0x09, 1, 0, 0],
    [0x05],
    [0x0a, 0x7e, 1],
    [0x0b, 0x7f, 0],
    [0x06, 1],
    [0x0d],
    [0x0e, 1],
    [0x0f, 1, 1, 6],
    [0x10, 1, 0],
    [0x11, 1, 0],
    [0x12, 1, 1],
    [0x13, 1],
    [0x14, 1],
    [0x15, 1],
    [0x16, 1, 0],
    [0x17, 1, 0],
    [0x18, 1, 0],
    [0x19, 1, 0],
    [0x1a, 1],
    [0x1b, 1],
    [0x1c, 0],
    [0x1d, 0],
    [0x1e],
    [0x1f],
    [0x20, 1, 4],
    [0x21, 0, 4],
    [0x22],
    [0x23],
    [0x26],
    [0x27, 1, 2],
    [0x28],
    [0x29, 0],
    [0x0c, 1],
    [0x2a, 0],
    [0x2b, 0],
    [0x2c, 0],
    [0x2d, 1],
    [0x40, 1, 3],
    [0x41, 0, 3, 4],
    [0x42, 1],
  ];
  const canons = definitions(section(8, leb(bytes.length), bytes)).map((d) =>
    d.kind === 'canon' ? d.canon : undefined,
  );
  assert.equal(canons[0], {
    kind: 'lift',
    func: 1,
    options: [
      { kind: 'memory', index: 7 },
      { kind: 'post-return', index: 8 },
    ],
    type: 9,
  });
  assert.equal(
    canons
      .slice(1)
      .map((c) => c?.kind)
      .join(' '),
    'lower resource.new resource.drop resource.rep backpressure.inc backpressure.dec task.return task.return task.cancel ' +
      'context.get context.set subtask.cancel subtask.drop stream.new stream.read stream.write stream.cancel-read ' +
      'stream.cancel-write stream.drop-readable stream.drop-writable future.new future.read future.write ' +
      'future.cancel-read future.cancel-write future.drop-readable future.drop-writable error-context.new ' +
      'error-context.debug-message error-context.drop waitable-set.new waitable-set.wait waitable-set.poll ' +
      'waitable-set.drop waitable.join thread.index thread.new-indirect thread.resume-later thread.suspend thread.yield ' +
      'thread.suspend-then-resume thread.yield-then-resume thread.suspend-then-promote thread.yield-then-promote ' +
      'thread.spawn-ref thread.spawn-indirect thread.available-parallelism',
  );
  assert.equal(canons[7], { kind: 'task.return', result: 'string', options: [{ kind: 'memory', index: 0 }] });
  assert.equal(canons[10], { kind: 'context.get', type: 'i64', slot: 1 });
  assert.equal(canons[32], { kind: 'waitable-set.wait', cancellable: true, memory: 4 });
  assert.equal(canons[46], { kind: 'thread.spawn-indirect', shared: false, type: 3, table: 4 });
});

test('closed gates refuse with the offset and the name of the feature', () => {
  const cases: [Uint8Array, number, string][] = [
    [component(section(7, 1, 0x67, 0x7d, 3)), 11, 'fixed-length-lists'],
    [component(section(7, 1, 0x70, 0x64)), 12, 'error-context'],
    [component(section(7, 1, 0x64)), 11, 'error-context'],
    [component(section(7, 1, 0x3f, 0x7e, 0)), 12, 'memory64'],
    [component(section(8, 1, 0x0a, 0x7e, 0)), 12, 'memory64'],
    [component(section(8, 1, 0x26)), 11, 'threads'],
    [component(section(8, 1, 0x42, 0)), 11, 'shared-everything-threads'],
    [component(section(8, 1, 0x1e)), 11, 'error-context'],
    [component(section(8, 1, 0x06, 1)), 11, 'async-builtin-options'],
    [component(section(8, 1, 0x11, 0, 1)), 11, 'async-builtin-options'],
    [component(section(8, 1, 0x0f, 0, 0)), 11, 'async-builtin-options'],
    [component(section(8, 1, 0, 0, 0, 1, 6, 0)), 11, 'stackful-lift'],
    [component(section(9, 0, 0, 0)), 10, 'values'],
    [component(section(12, 1, 0x7d, 1, 0)), 11, 'values'],
    [component(section(10, 1, 0, 'v', 2, 1, 0x7d)), 14, 'values'],
    [component(section(6, 1, 2, 0, 0, 'v')), 11, 'values'],
    [component(section(10, 1, 2, 'v', 1, 1, '.1', 1, 0)), 15, 'canonical-interface-names'],
  ];
  for (const [bytes, offset, feature] of cases) {
    const error = failure(bytes, {} as typeof all);
    assert.instance(error, ValidationError);
    assert.is(error.offset, offset, error.message);
    assert.ok(error.message.includes(`requires the feature '${feature}'`), error.message);
    decode(bytes, all);
  }
  const off = (feature: string) => ({ features: { ...allFeatures, [feature]: false } });
  assert.match(failure(component(section(7, 1, 0x66, 0)), off('async')).message, "'async'");
  assert.match(failure(component(section(7, 1, 0x63, 0x73, 0x73)), off('map')).message, "'map'");
  assert.match(failure(component(section(10, 1, 2, 'v', 1, 2, 'i', 1, 0)), off('implements')).message, "'implements'");
});

test('counts, sizes and integers', () => {
  fails(component(section(7, leb(999999), 0x73)), 10, 'unexpected end-of-file: 999999 type definitions');
  fails(component(section(7, 0, 0x73)), 11, 'section size mismatch: 1 bytes left over at the end of the type section');
  fails(component([7, 3, 0]), 10, 'unexpected end-of-file: section of 3 bytes');
  fails(component([7, 0x81, 0x80, 0x80, 0x80, 0x70, 0]), 9, 'integer too large');
  fails(component([7, 0x81, 0x80, 0x80, 0x80, 0x80, 0]), 9, 'integer representation too long');
  fails(component([13, 0]), 8, 'malformed section id: 13');
  fails(component(section(7, 1, 0x70, 0xff, 0xff, 0xff, 0xff, 0x7f)), 12, 'integer too large');
  fails(component(section(7, 1, 0x70, 0xff, 0x7f)), 12, 'invalid leading byte (0xff)');
  fails(component(section(7, 1, 0x72, 1, 2, 0xc3, 0x28, 0x7f)), 14, 'malformed UTF-8 encoding');
  assert.is(decode(component([7, 0x81, 0x80, 0x80, 0x80, 0x00, 0])).definitions.length, 0);
});

test('a name keeps a byte order mark and may be long', () => {
  const long = 'é'.repeat(300);
  const [a, b] = definitions(section(7, 2, [0x72, 1, '\ufeffx', 0x7f], [0x6d, 1, long]));
  assert.equal(a?.kind === 'type' && a.type, {
    kind: 'record',
    fields: [{ label: '\ufeffx', type: 'bool', offset: 14 }],
  });
  assert.equal(b?.kind === 'type' && b.type, { kind: 'enum', labels: [long] });
});

test('nesting has a limit, and reaching it costs no stack', () => {
  const nest = (levels: number): number[] => {
    let bytes = [...preamble];
    for (let i = 1; i < levels; i++) bytes = [...preamble, ...section(4, bytes)];
    return bytes;
  };
  let depth = 0;
  let ast: ComponentAst | undefined = decode(Uint8Array.from(nest(100)));
  while (ast !== undefined) {
    depth++;
    const inner: Definition | undefined = ast.definitions[0];
    ast = inner?.kind === 'component' ? inner.component : undefined;
  }
  assert.is(depth, 100);
  assert.match(failure(Uint8Array.from(nest(101))).message, 'nested deeper than 100 levels');
  const types = flat([1, Array.from({ length: 5000 }, () => [0x42, 1, 1]), 0x73]);
  assert.match(failure(component(section(7, types))).message, 'nested deeper than 100 levels');
});

test('name sections: of the component and its instances, where they are readable', () => {
  const names = (...contents: Bytes): number[] => section(0, 'component-name', ...contents);
  const instances = (...contents: Bytes): number[] => section(1, 5, ...contents);
  const good = decode(
    component(
      names(section(0, 'mine'), section(1, 1, 1, 7, 'f'), instances(2, 0, 'a', 3, 'b')),
      names(instances(1, 5, 'c')),
    ),
  );
  assert.is(good.names.component, 'mine');
  assert.equal(
    [...good.names.instances],
    [
      [0, 'a'],
      [3, 'b'],
      [5, 'c'],
    ],
  );
  const bad = decode(component(names(section(0, 'mine'), 0xff, 0xfe), names(1, 99), names(instances(2, 0, 'a', 0xff))));
  assert.is(bad.names.component, 'mine');
  assert.equal([...bad.names.instances], [[0, 'a']]);
  assert.is(bad.definitions.length, 3);
});

test('core modules stay ranges, but must begin as modules', () => {
  const ast = decode(component(section(1, modulePreamble, 0xff, 0xff), section(0, 'x', 1)));
  assert.equal(ast.definitions, [
    { offset: 10, kind: 'core-module', range: { start: 10, end: 20 } },
    { offset: 22, kind: 'custom', name: 'x', range: { start: 24, end: 25 } },
  ]);
  fails(component(section(1, preamble)), 14, 'expected a version header for a module');
  fails(component(section(1, [1, 2])), 10, 'magic header not detected');
  fails(component(section(4, modulePreamble)), 14, 'expected a version header for a component');
});

/** Milliseconds of the fastest of some runs. */
function fastest(body: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 30; i++) {
    const started = performance.now();
    body();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

test('core modules cost nothing, whatever their size', () => {
  const large = new Uint8Array(12 << 20);
  const start = [...preamble, 1, ...leb(large.length - 13)];
  large.set([...start, ...modulePreamble]);
  assert.is(decode(large).definitions.length, 1);
  const ms = fastest(() => decode(large));
  assert.ok(ms < 0.5, `${ms} ms`);
});

test('500 functions take a few milliseconds', () => {
  const params = Array.from({ length: 4 }, (_, i) => [`param${i}`, 0x79]);
  const many = (of: (i: number) => Bytes): Bytes => [leb(500), Array.from({ length: 500 }, (_, i) => of(i))];
  const bytes = component(
    section(
      7,
      many(() => [0x40, 4, params, 0, 0x73]),
    ),
    section(
      10,
      many((i) => [0, `function-number-${i}`, 1, leb(i)]),
    ),
    section(
      8,
      many((i) => [1, 0, leb(i), 2, 3, 0, 4, 0]),
    ),
    section(
      11,
      many((i) => [0, `export-number-${i}`, 1, leb(i), 0]),
    ),
  );
  assert.is(decode(bytes).definitions.length, 2000);
  const ms = fastest(() => decode(bytes));
  assert.ok(ms < 10, `${ms} ms`);
});

test.run();
