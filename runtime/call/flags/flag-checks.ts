import type { FlagDescriptor } from '../../api/flag.js'
import { LazyChecks } from '../../validation/load-checks.js'
import type { FlagChecks } from '../../validation/validate.js'

const known = new WeakMap<FlagDescriptor, LazyChecks<FlagChecks>>()

/** The checks of a flag, the same whenever they are asked for. */
export function findFlagChecks(flag: FlagDescriptor): LazyChecks<FlagChecks> {
  const found = known.get(flag) ?? new LazyChecks(flag.tag, flag.load)
  known.set(flag, found)
  return found
}
