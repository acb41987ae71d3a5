/** A way in which printed text stands out. */
export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green'

/** Puts a style on a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

/** Creates a painter with ANSI colours, or one that leaves every text as it is. */
export function createPaint(hasColors: boolean): Paint {
  return hasColors ? (style, text) => `\u001b[${CODE_OF_STYLE[style]}m${text}\u001b[0m` : (_style, text) => text
}

const CODE_OF_STYLE: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32 }
