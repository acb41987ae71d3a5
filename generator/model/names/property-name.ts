/** What keeps a name from being that of a property, as the end of a sentence; undefined where nothing does. */
export function findPropertyNameFault(name: string): string | undefined {
  if (name === '__proto__') return 'has a name that every message is refused for'
  if (/\p{Surrogate}/u.test(name)) return 'has a name that holds half a character: a lone surrogate'
  return undefined
}
