/** All parts of the host at once, for what cannot wait for one of them. */
import { stringAccess } from '../abi/string-access.ts';
import { fallbackFor } from '../fallback/index.ts';
import { findLinks, findLinksNow } from '../link/links.ts';
import { StoreResources } from '../resources/store-resources.ts';
import { closures } from './closures.ts';
import { evaluateForm } from './evaluate-form.ts';
import { generator } from './generator.ts';
import { registerPart } from './parts.ts';

export function registerAllParts(): void {
  registerPart('evaluate', evaluateForm);
  registerPart('generator', generator);
  registerPart('closures', closures);
  registerPart('fallback', fallbackFor);
  registerPart('resources', StoreResources);
  registerPart('links', { findLinks, findLinksNow });
  registerPart('strings', stringAccess);
}
