/** Which connection has which tag, over all schemas of a build. */
export interface TagClaims {
  /** Claims a tag. Answers who has it already, or undefined, and then it is the claimer's. */
  claim(tag: string, claimer: string): string | undefined
}

/** Creates a table in which every tag is free. */
export function createTagClaims(): TagClaims {
  const owners = new Map<string, string>()
  return {
    claim(tag, claimer) {
      const owner = owners.get(tag)
      if (owner === undefined) owners.set(tag, claimer)
      return owner
    },
  }
}
