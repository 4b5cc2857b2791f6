/** The engine of the page and of its worker: nothing is evaluated, so that the strictest policy for scripts is kept. */
import { Engine } from '@gangway/host';

export const engine = new Engine({ evaluate: 'never' });
