/** What a component expects at a path, for messages. */
import type { ComponentPlan, RuntimeImport } from '@gangway/component/plan';
import { funcTypeText, resourceText } from '../reflect/type-text.ts';

export function expectedText(plan: ComponentPlan, wanted: RuntimeImport): string {
  switch (wanted.kind) {
    case 'func':
      return funcTypeText(plan, wanted.type);
    case 'resource':
      return `resource ${resourceText(plan, wanted.resource)}`;
    case 'core-module':
      return 'core module';
    case 'component':
      return 'component';
    default:
      return wanted satisfies never;
  }
}
