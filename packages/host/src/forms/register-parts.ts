/** All parts of the host at once, for what cannot wait for one of them. */
import { unsupportedText } from '@gangway/component/unsupported';
import { stringAccess } from '../abi/string-access.ts';
import { ContextSlots } from '../call/context-slots.ts';
import { spilledForm } from '../call/spilled-form.ts';
import { fallbackFor } from '../fallback/index.ts';
import { moduleProblem } from '../link/core-module-types.ts';
import { expectedText } from '../link/expected-text.ts';
import { findLinks, findLinksNow } from '../link/links.ts';
import { findCompatible } from '../link/semver.ts';
import { part as resources } from '../parts/resources.ts';
import { Reflection } from '../reflect/reflection.ts';
import { closures } from './closures.ts';
import { evaluateForm } from './evaluate-form.ts';
import { generator } from './generator.ts';
import { registerPart } from './parts.ts';

export function registerAllParts(): void {
  registerPart('evaluate', evaluateForm);
  registerPart('generator', generator);
  registerPart('closures', closures);
  registerPart('fallback', fallbackFor);
  registerPart('resources', resources);
  registerPart('coreModules', moduleProblem);
  registerPart('reflection', Reflection);
  registerPart('texts', expectedText);
  registerPart('contextSlots', ContextSlots);
  registerPart('unsupported', unsupportedText);
  registerPart('spilled', spilledForm);
  registerPart('links', { findLinks, findLinksNow });
  registerPart('strings', stringAccess);
  registerPart('versions', findCompatible);
}
