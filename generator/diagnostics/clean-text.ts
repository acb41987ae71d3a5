/**
 * Makes a text from outside harmless in a terminal: each control character (tabs excepted), line end, and mark that changes the
 * direction of writing becomes `�`, so that it neither acts nor vanishes, and columns stay where they are.
 */
export function cleanText(text: string): string {
  return text.replace(UNSAFE_CHARACTERS, '\uFFFD')
}

// C0 but the tab, C1, the separators of lines and paragraphs, and the bidirectional marks of Unicode's annex 9.
const UNSAFE_CHARACTERS = /(?!\t)[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu
