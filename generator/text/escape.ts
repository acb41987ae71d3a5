// Control characters, half characters, line ends that are not `\n`, and what reorders or hides text.
const UNPRINTABLE = /[\p{Cc}\p{Surrogate}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

// What ends a script element that code is put into, and what names a source map: both are looked for by pattern, in literals too.
const MISLEADING = /(?<=<)\/|\/(?=[#@])/g
const ESCAPED_SLASH = '\\/'

/** Writes a text as a string literal in single quotes that holds the same text, on one line. */
export function escapeString(text: string): string {
  const escaped = text
    .replace(/[\\']/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replace(MISLEADING, ESCAPED_SLASH)
    .replace(UNPRINTABLE, escapeUnit)
  return `'${escaped}'`
}

/** Writes a text as fixed text of a template literal, on one line. */
export function escapeTemplate(text: string): string {
  return text
    .replace(/[\\`$]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replace(MISLEADING, ESCAPED_SLASH)
    .replace(UNPRINTABLE, escapeUnit)
}

/** Makes a text fit for the inside of a block comment: it cannot end it, and nothing in it is invisible. Keeps `\n`. */
export function escapeComment(text: string): string {
  return (
    text
      .replace(/\r\n?|[\u2028\u2029]/g, '\n')
      .replaceAll('*/', '*\\/')
      // Other tags are left as they are, for those who read them.
      .replace(/<\/(?=script)/gi, '<\\/')
      // A comment that names a source map is looked for by pattern, even inside other comments.
      .replace(/\/\/([#@])/g, '// $1')
      .replace(UNPRINTABLE, (unit) => (unit === '\n' || unit === '\t' ? unit : escapeUnit(unit)))
  )
}

/** Escapes the same in code that another generator wrote, where such characters stand in literals only. */
export function escapeGenerated(code: string): string {
  return code
    .replace(MISLEADING, ESCAPED_SLASH)
    .replace(UNPRINTABLE, (unit) => (unit === '\n' ? unit : escapeUnit(unit)))
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
