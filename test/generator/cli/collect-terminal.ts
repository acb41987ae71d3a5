import type { Terminal } from '../../../generator/cli/terminal.js'

/** A terminal that keeps what is printed. */
export interface CollectingTerminal extends Terminal {
  readonly data: string[]
  readonly messages: string[]
}

/** Creates a terminal without colours in a folder. */
export function collectTerminal(cwd: string): CollectingTerminal {
  const data: string[] = []
  const messages: string[] = []
  return {
    cwd,
    hasColors: false,
    data,
    messages,
    printData: (line) => void data.push(line),
    printMessage: (line) => void messages.push(line),
  }
}
