import { readOwnPackage } from '../own-package.js'
import { parseCommandLine } from './parse-command-line.js'
import { runBuild } from './run-build.js'
import { runExplain } from './run-explain.js'
import { runInit } from './run-init.js'
import { createTerminal } from './terminal.js'

/**
 * Runs a command line.
 *
 * @param args Without the names of the program and its script.
 * @returns The exit code: 0 done, 1 something is wrong with a schema or its output, 2 misuse.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const terminal = createTerminal()
  const ownPackage = readOwnPackage()
  const command = await parseCommandLine(args, ownPackage.version)
  switch (command.is) {
    case 'print':
      terminal.printData(command.text)
      return 0
    case 'misuse':
      terminal.printMessage(`netgen: ${command.message}\nSee \`netgen --help\`.`)
      return 2
    case 'init':
      return runInit(command, ownPackage, terminal)
    case 'explain':
      return runExplain(command, terminal)
    case 'build': {
      // All that only building needs is loaded for building only.
      const { build } = await import('../build.js')
      return runBuild(command, build, terminal)
    }
  }
}
