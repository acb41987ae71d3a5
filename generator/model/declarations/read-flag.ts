import type { LoadedDeclaration } from '../../load/loaded-schema.js'
import { digestFlag } from '../digest.js'
import type { FlagModel } from '../model.js'
import { findFlagNameFault } from '../names/flag-name.js'
import { type DeclarationRules, readHead, type Surroundings } from './read-head.js'
import { readOptionalValue } from './read-payload.js'

const RULES: DeclarationRules = { keys: ['data', 'tag'], example: 'flag({ data })', findNameFault: findFlagNameFault }

/** A flag before the names of files are given out. */
export type ReadFlag = Omit<FlagModel, 'fileName'>

/** Checks one flag and reads its data's type, as `readConnection` does. */
export function readFlag(
  name: string,
  declaration: LoadedDeclaration,
  surroundings: Surroundings,
): ReadFlag | undefined {
  const head = readHead(name, declaration, RULES, surroundings)
  if (head === undefined) return undefined
  const { position, entries, tag, documentation } = head
  const data = readOptionalValue('data', entries, position, surroundings.definitions)
  const digest = digestFlag({ tag, data: data?.schema })
  return { is: 'flag', name, tag, ...(data && { data }), digest, ...(documentation && { documentation }) }
}
