/**
 * `@gangway/host/component`: what `@gangway/component` exports, for whoever uses both packages. The Node build contains the
 * packages below the host, so that the errors of `@gangway/component` itself are classes of their own there; these are the host's.
 */
export * from '@gangway/component';
