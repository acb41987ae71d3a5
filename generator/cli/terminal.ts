/** Where a command prints, and what it stands in. */
export interface Terminal {
  /** The working directory, absolute. */
  readonly cwd: string
  /** Whether messages may have colours. */
  readonly hasColors: boolean
  /** Prints data, a line, to standard output. */
  printData(line: string): void
  /** Prints a message, a line, to standard error. */
  printMessage(line: string): void
}

/**
 * Creates the terminal of this process. Colours need a terminal at standard error, and `NO_COLOR` unset or empty.
 *
 * Where whoever read what is printed has gone, as `head` does, the rest goes nowhere, and the command ends as it would have ended. What
 * else a stream fails with is thrown.
 */
export function createTerminal(): Terminal {
  const { stdout, stderr, env } = process
  for (const stream of [stdout, stderr]) stream.on('error', ignoreLostReader)
  return {
    cwd: process.cwd(),
    hasColors: stderr.isTTY === true && !env['NO_COLOR'],
    printData: (line) => void stdout.write(`${line}\n`),
    printMessage: (line) => void stderr.write(`${line}\n`),
  }
}

function ignoreLostReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
