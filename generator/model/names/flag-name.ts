import { findMemberNameFault } from './member-name.js'
import { isTakenConstant } from './reserved-words.js'

/** What keeps a name from being that of a flag, as the end of a sentence; undefined where nothing does. */
export function findFlagNameFault(name: string): string | undefined {
  if (isTakenConstant(name)) {
    return `has the name ${name}, which no constant of the generated module can have`
  }
  // Whoever has the module as an object looks for the same names on it as on a stub.
  return findMemberNameFault(name)
}
