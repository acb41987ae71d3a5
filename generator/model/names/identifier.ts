const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u

/** Whether a name can stand in JavaScript without quotes. Reserved words count: they can, behind a dot. */
export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name)
}
