import yargs from 'yargs'
import { findNearest } from '../diagnostics/find-nearest.js'
import type { Command, MisuseCommand } from './command.js'

const BUILD_OPTIONS = {
  out: {
    type: 'string',
    requiresArg: true,
    describe: 'The output folder. Default: "generated" beside each schema',
  },
  check: { type: 'boolean', default: false, describe: 'Write nothing; exit with 1 where the output is not up to date' },
  watch: { type: 'boolean', default: false, describe: 'Build again whenever an input changes, until Ctrl+C' },
  json: { type: 'boolean', default: false, describe: 'Print one JSON document a build to standard output' },
} as const

const NAMES_OF_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  build: [...Object.keys(BUILD_OPTIONS), 'help', 'version'],
  init: ['help', 'version'],
}

/** Reads a command line. Never prints, exits or throws for what a user can type. */
export async function parseCommandLine(args: readonly string[], version: string): Promise<Command> {
  let command: Command | undefined
  let failure: string | undefined
  let printed = ''
  const parser = yargs()
    .scriptName('netgen')
    .usage('Usage: $0 <command>\n\nTyped calls between equal peers, generated from a TypeBox schema.')
    .command(
      'build [schema..]',
      'Generate from schema files',
      (builder) =>
        builder
          .usage(
            'Usage: $0 build [schema..]\n\nGenerates typed stubs, handler interfaces and checks from schema files.',
          )
          .positional('schema', { type: 'string', array: true, default: [], defaultDescription: 'schema.ts' })
          .options(BUILD_OPTIONS)
          .example('$0 build', 'schema.ts into generated/')
          .example('$0 build a.ts b.ts --out lib', 'two schemas into lib/')
          .example('$0 build --check', 'in CI: is what was committed up to date?'),
      ({ schema, out, check, watch, json }) => {
        command = { is: 'build', schemas: schema, check, watch, json, ...(out !== undefined && { out }) }
      },
    )
    .command(
      'init [folder]',
      'Write a first schema and two peers that use it',
      (builder) =>
        builder
          .usage('Usage: $0 init [folder]\n\nWrites a first schema and two small peers. Never overwrites a file.')
          .positional('folder', { type: 'string', default: '.' }),
      ({ folder }) => {
        command = { is: 'init', folder }
      },
    )
    .epilogue('Exit codes: 0 done, 1 something is wrong with a schema or its output, 2 misuse.')
    // Mistyped options are left among the arguments, where `findMisuse` meets them.
    .parserConfiguration({ 'unknown-options-as-args': true, 'duplicate-arguments-array': false })
    .version(version)
    .locale('en')
    .wrap(100)
    .exitProcess(false)
    .fail((message) => {
      failure = message
    })
  const { _: words, schema } = (await parser.parse([...args], {}, (_error, _parsed, output) => {
    printed = output
  })) as { readonly _: readonly (string | number)[]; readonly schema?: readonly string[] }

  if (failure !== undefined) return { is: 'misuse', message: explainFailure(failure) }
  if (printed) return { is: 'print', text: printed }
  return findMisuse(words.map(String), schema ?? []) ?? command ?? { is: 'misuse', message: 'no command was given' }
}

function findMisuse([command, ...rest]: readonly string[], schemas: readonly string[]): MisuseCommand | undefined {
  const options = NAMES_OF_OPTIONS[command ?? '']
  const option = [command ?? '', ...rest, ...schemas].find((word) => word.startsWith('-'))
  if (option !== undefined) {
    const name = option.replace(/=.*/s, '')
    const known = (options ?? NAMES_OF_OPTIONS['init'] ?? []).map((known) => `--${known}`)
    return { is: 'misuse', message: `unknown option ${JSON.stringify(name)}${suggest(name, known)}` }
  }
  if (command !== undefined && !options) {
    const suggestion = suggest(command, Object.keys(NAMES_OF_OPTIONS))
    return { is: 'misuse', message: `unknown command ${JSON.stringify(command)}${suggestion}` }
  }
  return rest[0] === undefined ? undefined : { is: 'misuse', message: `unexpected argument ${JSON.stringify(rest[0])}` }
}

function suggest(word: string, known: readonly string[]): string {
  const nearest = findNearest(word, known)
  return nearest === undefined ? '' : `: did you mean ${JSON.stringify(nearest)}?`
}

// yargs fails here for one reason only: an option that needs a value, without one.
function explainFailure(failure: string): string {
  const option = /: (.+)$/.exec(failure)?.[1] ?? ''
  return `option ${JSON.stringify(`--${option}`)} needs a value`
}
