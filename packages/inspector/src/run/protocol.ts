/**
 * What the page and its worker say to each other. In the worker is everything that runs: instances, resources, WASI. All
 * messages are plain data; values travel as WAVE text.
 */
import type { Block } from '../model/blocks.ts';
import type { LinkAdapter } from '../model/emitted.ts';

/** A component that another one gets as an import. */
export interface Part {
  /** Its file's name. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The import that it stands for, when that is a component; null: its exports serve imports of the same names. */
  readonly component: string | null;
}

/** What the page gives to a program. */
export interface WasiSettings {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** Text by absolute path of the guest. */
  readonly files: readonly (readonly [path: string, text: string])[];
}

export interface RunSettings {
  readonly wasi: WasiSettings;
  /** WAVE texts that imported functions answer with, by name: `log`, `acme:db/store#get`. */
  readonly answers: Readonly<Record<string, string>>;
  /** Milliseconds to wait at each call that leaves the component. */
  readonly pause: number;
}

/** An argument: WAVE text, or a resource that was returned before. */
export type Argument = { readonly text: string } | { readonly held: number };

export type Request =
  | { readonly kind: 'open'; readonly bytes: Uint8Array<ArrayBuffer>; readonly parts: readonly Part[] }
  /** A new instance in a store of its own. */
  | { readonly kind: 'renew'; readonly settings: RunSettings }
  | {
      readonly kind: 'call';
      readonly path: readonly string[];
      readonly args: readonly Argument[];
      readonly settings: RunSettings;
      /** In a new instance. */
      readonly fresh: boolean;
    };

/** A resource that the worker keeps for later calls. */
export interface Held {
  readonly id: number;
  readonly label: string;
  /** Which resource type: its place in `resourceOrder`. */
  readonly type: number;
}

export interface TrapReport {
  readonly message: string;
  readonly code: string;
  /** Innermost first. */
  readonly stack: readonly { readonly instance: string; readonly function: string | null }[];
  /** What a function of the page threw. */
  readonly cause: string | null;
  /** The engine's stack: where in the core code. */
  readonly engine: string;
}

export type Outcome =
  | { readonly kind: 'value'; readonly text: string; readonly held: readonly Held[] }
  /** The error case of a function's result. */
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'trap'; readonly trap: TrapReport }
  /** The call did not take place: a wrong argument, a missing import. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The user ended it. */
  | { readonly kind: 'stopped' };

export type OutputKind = 'stdout' | 'stderr' | 'imported' | 'note';

export interface Progress {
  readonly blocks: readonly Block[];
  /** Calls that have left the component since this call began. */
  readonly calls: number;
  /** The last of them. */
  readonly last: string;
}

export type Report =
  | { readonly kind: 'output'; readonly pieces: readonly (readonly [OutputKind, string])[] }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'opened' }
  /** An instance is there; resources of the one before are gone. */
  | { readonly kind: 'renewed'; readonly blocks: readonly Block[]; readonly links: readonly LinkAdapter[] }
  | {
      readonly kind: 'done';
      readonly outcome: Outcome;
      readonly progress: Progress;
      /** Files as the guest left them. */
      readonly files: readonly (readonly [path: string, text: string])[];
      /** The links of the instance that the call has made; null: it was there. */
      readonly renewed: readonly LinkAdapter[] | null;
    }
  /** The request could not be done. */
  | { readonly kind: 'refused'; readonly message: string };
