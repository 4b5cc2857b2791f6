/**
 * Classes that stand for those of the shim, where loading that starts a thread. In: nothing. Out: a class for each resource that a
 * guest may know before anything has been made by the shim, with the names of its methods.
 *
 * What a component's resources are bound to are these classes. The shim's own are put below them when they are loaded: what the
 * shim makes is an instance of a stand-in then, and its methods are found on it. A stand-in itself has no instances, so the
 * methods here are never called.
 *
 * Rejected: loading the shim before the guest starts (a fifth of the time that a small program takes, and a thread, of which most
 * programs have no use), and objects that forward each call (a stream would have two identities).
 */
import type { Descriptor, InputStream, OutputStream, Pollable, ShimClass } from './shim.ts';

/** Names of the methods, by class, as the shim has them. */
const methods = {
  InputStream: ['read', 'blockingRead', 'skip', 'blockingSkip', 'subscribe'],
  OutputStream: [
    'checkWrite',
    'write',
    'blockingWriteAndFlush',
    'flush',
    'blockingFlush',
    'subscribe',
    'writeZeroes',
    'blockingWriteZeroesAndFlush',
    'splice',
    'blockingSplice',
  ],
  Pollable: ['ready', 'block'],
  Error: ['toDebugString'],
  Descriptor: [
    'readViaStream',
    'writeViaStream',
    'appendViaStream',
    'advise',
    'syncData',
    'getFlags',
    'getType',
    'setSize',
    'setTimes',
    'read',
    'write',
    'readDirectory',
    'sync',
    'createDirectoryAt',
    'stat',
    'statAt',
    'setTimesAt',
    'linkAt',
    'openAt',
    'readlinkAt',
    'removeDirectoryAt',
    'renameAt',
    'symlinkAt',
    'unlinkFileAt',
    'isSameObject',
    'metadataHash',
    'metadataHashAt',
  ],
  DirectoryEntryStream: ['readDirectoryEntry'],
} as const;

type Name = keyof typeof methods;

function neverCalled(): never {
  throw new Error('a class that stands for another one has no instances');
}

function standIn<T extends object>(name: Name, base: new () => object = Object): ShimClass<T> {
  const made = class extends base {};
  Object.defineProperty(made, 'name', { value: name });
  for (const method of methods[name]) {
    Object.defineProperty(made.prototype, method, { value: neverCalled, configurable: true, writable: true });
  }
  return made as ShimClass<T>;
}

export const standIns = {
  InputStream: standIn<InputStream>('InputStream'),
  OutputStream: standIn<OutputStream>('OutputStream'),
  Pollable: standIn<Pollable>('Pollable'),
  Error: standIn<Error>('Error', Error),
  Descriptor: standIn<Descriptor>('Descriptor'),
  DirectoryEntryStream: standIn<object>('DirectoryEntryStream'),
} as const;

/** Makes the class of the shim one below its stand-in. */
export function adopt(name: Name, { prototype }: { readonly prototype: object }): void {
  const parent = standIns[name].prototype;
  if (!Object.prototype.isPrototypeOf.call(parent, prototype)) Object.setPrototypeOf(prototype, parent);
}
