import { refuse } from './refuse.js'

/**
 * What to throw where a package cannot be imported that only some need: `failed_precondition`, with how to install it, where it is not there;
 * else what the import failed with. `need` says who needs it: `an engine needs`.
 */
export function explainImport(cause: unknown, need: string, name: string): unknown {
  if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') return cause
  return refuse('failed_precondition', `${need} the package ${name}: run npm install ${name}`, { cause })
}
