/**
 * Types of what the polyfill adds to `WebAssembly`. In: `import '@gangway/host/polyfill'` or `…/install-polyfill`. Out: the
 * global namespace knows components.
 *
 * A type cannot tell a module's bytes from a component's: bytes are a component where a type argument says so: `WebAssembly.instantiate<Exports>(bytes, imports)`,
 * `WebAssembly.compile<WebAssembly.Component>(bytes)`.
 */
import type { Component as HostComponent } from '../compile/component.ts';
import type { Exports as HostExports } from '../instance/exports-object.ts';

declare global {
  namespace WebAssembly {
    /** So that a component is no module to TypeScript: its own declaration is empty. */
    interface Module {
      readonly [Symbol.toStringTag]: 'WebAssembly.Module';
    }

    /** A component, compiled. With the values of `@gangway/host` it is a `Component` of that package. */
    interface Component extends HostComponent {
      readonly [Symbol.toStringTag]: 'WebAssembly.Component';
    }
    const Component: {
      readonly prototype: Component;
      /** Compiles at once. Throws `CompileError`. */
      new (bytes: BufferSource, options?: WebAssemblyCompileOptions): Component;
    };

    interface ComponentInstance<E extends object = HostExports> {
      readonly exports: E;
    }
    const ComponentInstance: {
      readonly prototype: ComponentInstance;
      /** Instantiates at once. Throws `LinkError`, and `RuntimeError` when a start function traps. */
      new <E extends object = HostExports>(component: Component, imports?: object): ComponentInstance<E>;
    };

    /** Thrown by an exported function whose `result` is an error. */
    interface ComponentError extends Error {
      /** The error, with the values of `@gangway/host`. */
      readonly payload?: unknown;
      /** The error, with those of the draft. */
      readonly data?: unknown;
    }
    const ComponentError: {
      readonly prototype: ComponentError;
      /** With the values of the draft. */
      new (message?: string, data?: unknown): ComponentError;
      /** With those of `@gangway/host`. */
      new (payload: unknown): ComponentError;
    };

    interface WebAssemblyInstantiatedComponentSource<E extends object = HostExports> {
      readonly component: Component;
      readonly instance: ComponentInstance<E>;
    }

    function compile<C extends Module | Component = Module>(
      bytes: BufferSource,
      options?: WebAssemblyCompileOptions,
    ): Promise<C>;
    function compileStreaming<C extends Module | Component = Module>(
      source: Response | PromiseLike<Response>,
      options?: WebAssemblyCompileOptions,
    ): Promise<C>;
    function instantiate<E extends object = HostExports>(
      component: Component,
      imports?: object,
    ): Promise<ComponentInstance<E>>;
    function instantiate<E extends object = never>(
      bytes: BufferSource,
      imports?: ImportsFor<E>,
      options?: WebAssemblyCompileOptions,
    ): Promise<SourceFor<E>>;
    function instantiateStreaming<E extends object = never>(
      source: Response | PromiseLike<Response>,
      imports?: ImportsFor<E>,
      options?: WebAssemblyCompileOptions,
    ): Promise<SourceFor<E>>;

    /** Without a type argument: those of a module. */
    type ImportsFor<E> = [E] extends [never] ? Imports : object;
    type SourceFor<E extends object> = [E] extends [never]
      ? WebAssemblyInstantiatedSource
      : WebAssemblyInstantiatedComponentSource<E>;
  }
}
