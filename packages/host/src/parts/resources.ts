/** What `import()` loads; see forms/parts.ts. */
import { memberFunction } from '../link/member-functions.ts';
import { StoreResources } from '../resources/store-resources.ts';

/** What components with resources need. */
export const part = { StoreResources, memberFunction };
