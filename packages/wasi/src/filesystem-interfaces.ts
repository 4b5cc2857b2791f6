/**
 * `wasi:filesystem` for one store: the shim's descriptors, with the preopens of the options. In: the options. Out: one
 * object an interface.
 *
 * The shim knows no read-only directories. A descriptor that it makes is given a prototype of ours below its own, which
 * refuses what would change something, and which whatever is opened through it inherits.
 *
 * Rejected: wrapping descriptors. The shim's methods need their own private fields on what they are called on.
 */
import type { ResolvedWasiOptions } from './options.ts';
import {
  type Descriptor,
  type DescriptorFlags,
  type FilesystemShim,
  hasThread,
  type InterfaceObject,
  type OpenFlags,
  type PathFlags,
  shim,
} from './shim.ts';
import { standIns } from './stand-ins.ts';

type Maker = (options: ResolvedWasiOptions) => Promise<InterfaceObject>;

/** `error-code` of `wasi:filesystem/types`. */
const readOnlyError = 'read-only';

interface Kinds {
  /** Makes the descriptor of a preopened directory. */
  preopen(host: string, readonly: boolean): Descriptor;
}

let made: Promise<Kinds> | undefined;

async function makeKinds(): Promise<Kinds> {
  const { types, createFilesystem } = await load();
  const preopened = new WeakSet<Descriptor>();

  class SharedDescriptor extends types.Descriptor {
    override openAt(path: PathFlags, name: string, open: OpenFlags, flags: DescriptorFlags): Descriptor {
      const child = super.openAt(path, name, open, flags);
      Object.setPrototypeOf(child, SharedDescriptor.prototype);
      return child;
    }
    override linkAt(flags: PathFlags, old: string, target: Descriptor, name: string): void {
      if (target instanceof ReadOnlyDescriptor) throw readOnlyError;
      super.linkAt(flags, old, target, name);
    }
    override renameAt(old: string, target: Descriptor, name: string): void {
      if (target instanceof ReadOnlyDescriptor) throw readOnlyError;
      super.renameAt(old, target, name);
    }
    // The shim has no flags and no metadata for a preopened directory itself.
    override getFlags(): DescriptorFlags {
      return super.getFlags() ?? { read: true, mutateDirectory: true };
    }
    override stat(): unknown {
      return preopened.has(this) ? this.statAt({ symlinkFollow: true }, '.') : super.stat();
    }
    override metadataHash(): unknown {
      return preopened.has(this) ? this.metadataHashAt({ symlinkFollow: true }, '.') : super.metadataHash();
    }
  }

  class ReadOnlyDescriptor extends SharedDescriptor {
    override openAt(path: PathFlags, name: string, open: OpenFlags, flags: DescriptorFlags): Descriptor {
      if (open.create || open.truncate || flags.write || flags.mutateDirectory) throw readOnlyError;
      const child = super.openAt(path, name, open, flags);
      Object.setPrototypeOf(child, ReadOnlyDescriptor.prototype);
      return child;
    }
    override getFlags(): DescriptorFlags {
      return { ...super.getFlags(), write: false, mutateDirectory: false };
    }
    // A hard link elsewhere would be a way to write to the file.
    override linkAt(): void {
      throw readOnlyError;
    }
    override renameAt(): void {
      throw readOnlyError;
    }
  }
  const refuse = (): never => {
    throw readOnlyError;
  };
  for (const name of [
    'writeViaStream',
    'appendViaStream',
    'setSize',
    'setTimes',
    'write',
    'createDirectoryAt',
    'setTimesAt',
    'removeDirectoryAt',
    'symlinkAt',
    'unlinkFileAt',
  ]) {
    Object.defineProperty(ReadOnlyDescriptor.prototype, name, { value: refuse, configurable: true, writable: true });
  }

  return {
    preopen: (host, readonly) => {
      const [entry] = createFilesystem({ preopens: { '/': host } }).preopens.getDirectories();
      const [descriptor] = entry as readonly [Descriptor, string];
      Object.setPrototypeOf(descriptor, (readonly ? ReadOnlyDescriptor : SharedDescriptor).prototype);
      preopened.add(descriptor);
      return descriptor;
    },
  };
}

/** Its errors have their codes from the shim, once something of that has made one. */
let loaded: FilesystemShim | undefined;

async function load(): Promise<FilesystemShim> {
  return (loaded ??= await shim.filesystem());
}

/** The shim throws for an error that did not come from a file, where the interface says `none`. */
function filesystemErrorCode(error: unknown): unknown {
  try {
    return loaded?.types.filesystemErrorCode(error);
  } catch {
    return undefined;
  }
}

/** By interface name, without package and version. */
export const filesystemInterfaces: Readonly<Record<string, Maker>> = {
  types: async () => {
    // Who has been given no directory sees no object of these.
    const { Descriptor, DirectoryEntryStream } = hasThread ? standIns : (await load()).types;
    return { Descriptor, DirectoryEntryStream, filesystemErrorCode };
  },
  preopens: async ({ preopens }) => {
    if (preopens.length === 0) return { getDirectories: () => [] };
    made ??= makeKinds();
    const kinds = await made;
    const entries = preopens.map(({ host, guest, readonly }) => [kinds.preopen(host, readonly ?? false), guest]);
    return { getDirectories: () => entries };
  },
};
