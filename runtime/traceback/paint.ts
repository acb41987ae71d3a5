import { styleText } from 'node:util'

/** What a part of a traceback is. */
export type Part = 'name' | 'label' | 'mark' | 'quiet'

/** Gives a text the look of its part. */
export type Paint = (part: Part, text: string) => string

const STYLES = {
  name: ['red', 'bold'],
  label: ['cyan'],
  mark: ['red'],
  quiet: ['dim'],
} as const

export const paintNothing: Paint = (_part, text) => text

/** With the escape sequences of ANSI, whatever the output is: who asks for them knows. */
export const paintTerminal: Paint = (part, text) =>
  STYLES[part].reduce((painted, style) => styleText(style, painted, ALWAYS), text)

/** Newer versions of Node ask the stream; older ones take no options and paint always. */
const ALWAYS = { validateStream: false }
