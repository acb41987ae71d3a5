import { createPosition } from '../position.js'
import type { Surroundings } from './read-head.js'

/** The tags of a declaration, and the name that it is exported under. */
export interface ClaimedTags {
  readonly name: string
  readonly tag: string
  /** Absent where its kind has none. */
  readonly aliases?: readonly string[]
}

/** Claims the tags of a declaration. What another has is reported. */
export function claimTags(
  { name, tag, aliases = [] }: ClaimedTags,
  { claims, fileLabel, definitions }: Surroundings,
): void {
  for (const claimed of [tag, ...aliases]) {
    const owner = claims.claim(claimed, `${name} of ${fileLabel}`)
    if (owner === undefined) continue
    const finding = `has the tag ${JSON.stringify(claimed)}, which ${owner} has too`
    definitions.reader.report('NG2007', createPosition(name), finding, 'give one of the two another tag')
  }
}
