import { resolve } from 'node:path'
import type { Builder } from '../builder.js'
import { locateCache } from '../cache/locate-cache.js'
import { readOwnPackage } from '../own-package.js'
import { DEFAULT_SCHEMA } from './command.js'
import { parsePlainBuild } from './parse-plain-build.js'
import { createTerminal } from './terminal.js'

/**
 * Runs a command line.
 *
 * @param args Without the names of the program and its script.
 * @returns The exit code: 0 done, 1 something is wrong with a schema, its output or an engine, 2 misuse.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  // What a build waits for longest starts before the command line is read, as what reads it takes 60 ms to load.
  const builder = args[0] === 'build' ? await startBuilder(args) : undefined
  try {
    return await runCommand(args, builder)
  } finally {
    await builder?.close()
  }
}

// All that only building needs is loaded for building only.
async function startBuilder(args: readonly string[]): Promise<Builder> {
  const { createBuilder } = await import('../builder.js')
  const schema = parsePlainBuild(args)?.schemas[0] ?? DEFAULT_SCHEMA
  return createBuilder({ staysReady: args.includes('--watch'), cacheFolder: locateCache(resolve(schema)) })
}

async function runCommand(args: readonly string[], builder: Builder | undefined): Promise<number> {
  const { parseCommandLine } = await import('./parse-command-line.js')
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
    case 'init': {
      const { runInit } = await import('./run-init.js')
      return runInit(command, ownPackage, terminal)
    }
    case 'explain': {
      const { runExplain } = await import('./run-explain.js')
      return runExplain(command, terminal)
    }
    case 'token': {
      const { runToken } = await import('./run-token.js')
      return runToken(command, terminal)
    }
    case 'doctor': {
      const { runDoctor } = await import('./run-doctor.js')
      return runDoctor(command, process.env, terminal)
    }
    case 'build': {
      const { runBuild } = await import('./run-build.js')
      return runBuild(command, builder ?? (await startBuilder(args)), terminal)
    }
  }
}
