/** Turns an offset in a text, in UTF-16 units, into its line and column. Lines end as JavaScript's do. */
export function locateOffset(text: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, offset).split(LINE_END)
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
}

/** What ends a line in JavaScript (ECMA-262, 12.3). */
export const LINE_END: RegExp = /\r\n|[\n\r\u2028\u2029]/
