/** The part of the host that components with resources need. */
export { memberFunction } from '../link/member-functions.ts';
export { StoreResources } from './store-resources.ts';
