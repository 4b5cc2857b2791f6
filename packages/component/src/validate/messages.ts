/**
 * What the validator says, by key: templates with the parts in braces, after the names of their printers (printers.ts), the
 * last of which comes first: `{a plain sort}`. `explain` in texts.ts fills them in. The texts
 * contain the phrases that the specification's reference tests expect; a document can be made from the table.
 *
 * Rejected: functions that build strings. A table of templates can be listed; TypeScript checks the placeholders.
 */
export const validateText = {
  // Index spaces
  'unknown-index': 'unknown {sort sort} {index}: {plain sort sort} index out of bounds (this {where} has {count})',
  'outer-count': 'invalid outer alias count of {count}: only {depth} enclosing scopes',
  'outer-resource':
    'cannot alias outer type {index}: it transitively refers to resources not defined in the current component',
  'outer-sort': 'outer aliases cannot have the sort {sort}',
  'type-alias-sort': 'aliases in component or instance types may only refer to types or instances, not to a {sort}',
  'core-outer-module': 'core type {index} is a module type: module types cannot be aliased in a module type',
  'core-module-type-nested': 'core type {index} is a module type: module types cannot be nested',
  'module-type-in-module-type':
    'invalid leading byte (0x50) for a type in a module type: module types cannot be nested',

  // Names
  'extern-name': '{kind} name `{name}` is not a valid extern name: {problem}',
  'extern-name-conflict': '{kind} name `{name}` conflicts with previous name `{previous}`',
  'label-empty': '{labelled of} name cannot be empty',
  'label-kebab': '{labelled of} name `{label}` is not in kebab case',
  'label-conflict': '{labelled of} name `{label}` conflicts with previous {earlier of} name `{previous}`',
  'attribute-twice': "duplicate '{attribute}' option in name `{name}`",
  'implements-name': '`implements` of `{name}`: `{value}` is not a valid name: {problem}',
  'implements-interface': '`implements` of `{name}`: `{value}` must be an interface name',
  'implements-instance': 'only instances can have an `implements` attribute, `{name}` is a {sort}',
  'implements-plain': 'name `{name}` is not valid with `implements`: it must be a plain name',
  'suffix-version': '`versionsuffix` of `{name}` must follow a canonical interface version',
  'suffix-semver': '`versionsuffix` of `{name}`: `{version}` is not a valid version: {semver problem}',
  version: '`{version}` is not a valid version: {semver problem}',
  'annotated-func': '{kind} name `{name}` is not a func: found {sort}',
  'constructor-result': '`{name}`: function should return one value',
  'constructor-own': '`{name}`: function should return `(own $T)` or `(result (own $T))`',
  'method-params': '`{name}`: function should have at least one argument',
  'method-self': '`{name}`: function should have a first argument called `self`, found `{label}`',
  'method-borrow': '`{name}`: function should take a first argument of `(borrow $T)`',
  'resource-name': '`{name}`: function does not match expected resource name `{resource}`',
  'resource-unnamed': '`{name}`: resource used in function does not have a name in this context',
  'static-resource': '`{name}`: static resource name is not known in this context',

  // Types
  'not-a-type': 'type index {index} is not {a sort what} type',
  'not-a-core-type': 'core type index {index} is not a {what} type',
  'not-a-core-kind': 'core type index {index} is not a {what}',
  'record-empty': 'record type must have at least one field',
  'variant-empty': 'variant type must have at least one case',
  'tuple-empty': 'tuple type must have at least one type',
  'flags-empty': 'flags must have at least one entry',
  'flags-many': 'cannot have more than 32 flags, found {count}',
  'enum-empty': 'enum type must have at least one variant',
  'list-empty': 'fixed-length lists must have more than zero elements',
  'type-bytes': 'type of {size} bytes exceeds maximum byte size of {limit}',
  'type-depth': 'type nesting is too deep: more than {limit} levels',
  'type-weight': 'effective type size exceeds the limit of {limit}',
  'too-complex': 'the component is too complex: comparing and substituting its types takes too much work',
  'scope-depth': 'components are nested too deep: more than {limit} levels',
  'stream-char': '`stream<char>` is not valid at this time',
  'element-borrow': '`{kind}` element cannot contain a `borrow` type',
  'map-key': '`{type}` is not a valid key type of a map',
  'result-borrow': 'function result cannot contain a `borrow` type',
  'value-borrow': 'exported value `{name}` cannot contain a `borrow` type',
  'resource-in-type': 'resources can only be defined within a concrete component',
  'resource-rep': 'resources can only be represented by `i32` or `i64`, found `{core type}`',
  'resource-dtor':
    'core function {index} has wrong signature for a destructor: expected {core expected}, found {core found}',
  visibility:
    '{sort} not valid to be used as {kind}: `{name}` refers to {a what} that has no name in the {kind}s of this {where}',

  // Instances
  'no-export': '{sort} {index} has no export named `{name}`',
  'export-sort': 'export `{name}` for {sort} {index} is not {a plain wanted}',
  'core-export-conflict': 'export name `{name}` already defined',
  'core-import-conflict': 'duplicate import name `{module}:{name}`',
  'core-arg-conflict': 'duplicate module instantiation argument named `{name}`',
  'core-arg-missing': 'missing module instantiation argument named `{name}`',
  'core-arg-export': 'module instantiation argument `{module}` does not export an item named `{name}`',
  'core-arg-type': 'type mismatch for export `{name}` of module instantiation argument `{module}`: {reason}',
  'core-sort': 'a core instance cannot export a core {sort}',
  'arg-conflict': 'instantiation argument `{name}` conflicts with previous argument `{name}`',
  'arg-missing': 'missing import named `{name}`',
  'arg-type': 'type mismatch for import `{name}`: {reason}',
  'arg-sort': 'a {sort} cannot be an instantiation argument or export',
  ascription: "ascribed type of export is not compatible with item's type: {reason}",

  // Core types
  'memory-limit': 'memory size must be at most {limit} pages ({space address})',
  'memory-shared': 'shared memory must have maximum size',
  'memory-page': 'a page size of 2^{log2} bytes is not allowed',
  'limits-order': 'size minimum must not be greater than maximum',
  'table-limit': 'table size must be at most {limit} elements',
  'core-supertype': 'core type {index} cannot have {count} supertypes',
  'tag-results': 'tag {index} has a type with results: exception type must have empty results',

  // Canonical definitions
  'option-twice': 'canonical option `{option}` is specified more than once',
  'option-encoding': 'canonical encoding option `{encoding first}` conflicts with option `{encoding second}`',
  'option-required': 'canonical option `{option}` is required',
  'option-requires': 'canonical option `{option}` requires `{other}` to also be specified',
  'option-signature':
    'canonical option `{option}` uses a core function with an incorrect signature: expected {core expected}, found {core found}',
  'option-lowering': 'canonical option `{option}` cannot be specified for lowerings',
  'option-forbidden': 'canonical option `{option}` cannot be specified for `{canon}`',
  'option-memory': 'canonical option `memory` uses a memory that is not a subtype of `(memory 0)`: {reason}',
  'async-sync': 'the `async` canonical option requires an async function type',
  'async-post-return': 'canonical option `post-return` cannot be specified together with `async`',
  'callback-async': 'canonical option `callback` requires `async` to also be specified',
  'lift-params':
    'lowered parameter types `[{upper expected}]` do not match parameter types `[{upper found}]` of core function {index}',
  'lift-results':
    'lowered result types `[{upper expected}]` do not match result types `[{upper found}]` of core function {index}',
  'resource-local': 'type index {index} is not a local resource: `{canon}` needs one that this component defines',
  'context-type': '`{canon}` must have the type `i32` or `i64`, found `{core type}`',
  'context-types':
    'all `context.get` and `context.set` of a component must have one type: found `{type}` after `{previous}`',
  'context-slot': '`{canon}`: slot {slot} must be less than 2',
  'thread-func':
    '`{canon}`: core type {index} must be a function that takes one `i32` or `i64` and returns nothing, found {core found}',
  'thread-table': '`{canon}`: table {index} must have elements of type funcref, found {core found}',
  'thread-table-shared': '`{canon}`: table {index} must be shared',
  'thread-table-gate': '`{canon} with a table of 64-bit addresses` requires the feature `memory64`',

  // Why one type cannot stand for another
  'missing-expected': 'missing expected {last where} `{name}`',
  'type-mismatch': 'type mismatch in {where}: {reason}',
  'sorts-differ': 'expected {plain wanted}, found {plain given}',
  'classes-differ': 'expected {class wanted}, found {class given}',
  'resources-differ': 'resource types are not the same',
  'values-differ': '{values types}',
  'funcs-differ': '{funcs types}',
  'core-items-differ': '{items items}',

  // Values
  'value-used': 'value {index} cannot be used more than once',
  'value-unused': 'value index {index} was not used as part of an instantiation, start function, or export',
  'value-bytes': 'value of type {type}: {problem}',
  'start-args': 'start function {index} requires {expected} arguments, found {found}',
  'start-results': 'start function {index} has {expected} results, found {found}',
  'start-arg': 'type mismatch in argument {position} of start function {index}: {reason}',
} as const;

export type ValidateText = keyof typeof validateText;
