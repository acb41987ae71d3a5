/**
 * Control characters but tab and line feed, ANSI's escape among them; line and paragraph separators; marks, embeddings,
 * overrides and isolates of the bidirectional algorithm (Unicode Standard Annex 9, table 1).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** The text without the characters that could forge a line of a log, drive a terminal or turn the reading direction. */
export function cleanText(text: string): string {
  return text.replace(UNSAFE, '')
}

/** The same for a text that is printed on one line: line feeds and tabs become spaces. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/[\n\t]/g, ' ')
}

/** The same for JSON text, of which nothing may vanish: the characters are written as JSON's own escapes. */
export function escapeUnsafe(json: string): string {
  return json.replace(UNSAFE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
