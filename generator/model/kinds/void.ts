/** Whether schemas of a kind mean that there is no value. Only a whole output can be one of them. */
export function isVoidKind(kind: string): boolean {
  return kind === 'Void' || kind === 'Undefined'
}
