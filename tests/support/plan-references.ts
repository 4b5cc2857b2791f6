/** Checks of a plan that need no golden: whether what it says hangs together. */
import type { ComponentPlan } from '@gangway/component/plan';
import * as assert from 'uvu/assert';

/** Every index in a plan refers to what there is, and every initializer only to what earlier ones made. */
export function checkReferences(plan: ComponentPlan): void {
  const made = {
    instances: 0,
    adapters: new Set<number>(),
    memories: 0,
    reallocs: 0,
    callbacks: 0,
    postReturns: 0,
    lowerings: 0,
  };
  const checkDef = (def: ComponentPlan['memories'][number] | null | undefined): void => {
    if (def === null || def === undefined) return;
    if (def.kind === 'export') assert.ok(def.instance < made.instances, `core${def.instance} is made before its use`);
    if (def.kind === 'adapter')
      assert.ok(made.adapters.has(def.adapter), `adapter${def.adapter} is made before its use`);
    if (def.kind === 'trampoline') {
      const trampoline = plan.trampolines[def.trampoline];
      assert.ok(trampoline, `trampoline${def.trampoline}`);
      if (trampoline.kind === 'lower-import') {
        assert.ok(trampoline.lowering < made.lowerings, `lowering${trampoline.lowering} is set before its use`);
        checkOptions(trampoline.options);
      }
    }
  };
  const checkOptions = (index: number): void => {
    const options = plan.options[index];
    assert.ok(options, `options${index}`);
    assert.ok((options.memory ?? -1) < made.memories);
    assert.ok((options.realloc ?? -1) < made.reallocs);
    assert.ok((options.callback ?? -1) < made.callbacks);
    assert.ok((options.postReturn ?? -1) < made.postReturns);
    assert.ok(options.instance < plan.componentInstances.length);
  };
  for (const initializer of plan.initializers) {
    switch (initializer.kind) {
      case 'instantiate-module':
        for (const arg of initializer.args) checkDef(arg.def);
        assert.is(initializer.instance, made.instances++);
        break;
      case 'instantiate-adapters': {
        const adapters = plan.adapterModules[initializer.module] ?? [];
        assert.ok(adapters.length > 0);
        for (const index of adapters) {
          const adapter = plan.adapters[index];
          assert.ok(adapter);
          checkDef(adapter.lift.func);
          checkOptions(adapter.lift.options);
          checkOptions(adapter.lower.options);
        }
        for (const index of adapters) made.adapters.add(index);
        break;
      }
      case 'extract-memory':
        checkDef(plan.memories[initializer.memory]);
        assert.is(initializer.memory, made.memories++);
        break;
      case 'extract-realloc':
        checkDef(plan.reallocs[initializer.realloc]);
        assert.is(initializer.realloc, made.reallocs++);
        break;
      case 'extract-callback':
        checkDef(plan.callbacks[initializer.callback]);
        assert.is(initializer.callback, made.callbacks++);
        break;
      case 'extract-post-return':
        checkDef(plan.postReturns[initializer.postReturn]);
        assert.is(initializer.postReturn, made.postReturns++);
        break;
      case 'lower-import':
        assert.is(initializer.lowering, made.lowerings++);
        assert.is(plan.runtimeImports[initializer.import]?.kind, 'func');
        break;
      case 'resource': {
        const resource = plan.resources[initializer.resource];
        assert.is(resource?.kind, 'defined');
        if (resource?.kind === 'defined') checkDef(resource.dtor);
        break;
      }
      default:
        assert.unreachable(`unexpected initializer ${initializer.kind}`);
    }
  }
  assert.is(made.adapters.size, plan.adapters.length);
  assert.equal(
    plan.counts,
    {
      componentInstances: plan.componentInstances.length,
      trampolines: plan.trampolines.length,
      intrinsics: 0,
      lowerings: made.lowerings,
      memories: made.memories,
      tables: 0,
      reallocs: made.reallocs,
      callbacks: made.callbacks,
      postReturns: made.postReturns,
      resources: plan.resources.filter((resource) => resource.kind !== 'abstract').length,
    },
    'counts',
  );
  plan.types.forEach((type, i) => {
    const parts = JSON.stringify(type).matchAll(/"(?:type|element|key|value|ok|err)":(\d+)/g);
    for (const [, part] of parts) assert.ok(Number(part) < i, `parts of type ${i} come before it`);
  });
}
