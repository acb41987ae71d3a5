import { findNearest } from '../diagnostics/find-nearest.js'
import { BUILD_OPTIONS, createBuildCommand } from './build-options.js'
import type { Command } from './command.js'
import { DOCTOR_OPTIONS } from './doctor-options.js'
import { parsePlainBuild } from './parse-plain-build.js'

const NAMES_OF_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['build', [...Object.keys(BUILD_OPTIONS), 'help', 'version']],
  ['init', ['help', 'version']],
  ['explain', ['help', 'version']],
  ['token', ['help', 'version']],
  ['doctor', [...Object.keys(DOCTOR_OPTIONS), 'help', 'version']],
])

/** Reads a command line. Never prints, exits or throws for what a user can type. */
export async function parseCommandLine(args: readonly string[], version: string): Promise<Command> {
  const plain = parsePlainBuild(args)
  if (plain) return plain
  const unknown = findUnknown(args)
  if (unknown) return { is: 'misuse', message: unknown }

  let command: Command | undefined
  let failure: string | undefined
  let printed = ''
  const { default: yargs } = await import('yargs')
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
      ({ schema, out, check, watch, json, language, 'import-ending': importEnding }) => {
        const parsed = createBuildCommand(schema, {
          out: takeLast(out),
          language: takeLast(language),
          'import-ending': takeLast(importEnding),
          check: takeLast(check),
          watch: takeLast(watch),
          json: takeLast(json),
        })
        if (typeof parsed === 'string') failure = parsed
        else command = parsed
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
    .command(
      'explain [code]',
      'Explain a diagnostic: its cause, an example and its remedy',
      (builder) =>
        builder
          .usage('Usage: $0 explain [code]\n\nExplains a diagnostic by an example; without a code, lists them all.')
          .positional('code', { type: 'string' })
          .example('$0 explain NG3009', 'a format that netgen does not know'),
      ({ code }) => {
        command = { is: 'explain', ...(code !== undefined && { code }) }
      },
    )
    .command(
      'token [address]',
      'Print the headers with which curl may call a peer',
      (builder) =>
        builder
          .usage(
            'Usage: $0 token <host:port>\n\nPrints the headers with which HTTP clients of yours may call this peer.',
          )
          .positional('address', { type: 'string' })
          .example('$0 token 127.0.0.1:3010 | curl -H @- …', 'without the token in the list of processes'),
      ({ address }) => {
        if (address === undefined) failure = 'token needs the address of a peer, such as 127.0.0.1:3010'
        else command = { is: 'token', address }
      },
    )
    .command(
      'doctor [engine]',
      'Look at an engine, and say what is promised with it',
      (builder) =>
        builder
          .usage(
            'Usage: $0 doctor [engine]\n\nLooks at an engine or, without one, whether a peer starts here; says what was found and what is promised.',
          )
          .positional('engine', { type: 'string', defaultDescription: 'NET_ENGINE' })
          .options(DOCTOR_OPTIONS)
          .example('$0 doctor nats://localhost:4222', 'what is there, and what this user may do')
          .example('$0 doctor --group notes --permissions', 'for the configuration of nats-server'),
      ({ engine, group, monitoring, permissions, durable, json }) => {
        const typed = { engine, group: takeLast(group), monitoring: takeLast(monitoring) }
        const given = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined))
        const switches = { permissions: takeLast(permissions), durable: takeLast(durable), json: takeLast(json) }
        command = { is: 'doctor', ...given, ...switches }
      },
    )
    .epilogue('Exit codes: 0 done, 1 something is wrong with a schema, its output or an engine, 2 misuse.')
    .version(version)
    .locale('en')
    .wrap(100)
    .exitProcess(false)
    .fail((message) => {
      failure = explainFailure(message)
    })
  const { _: words } = (await parser.parse([...args], {}, (_error, _parsed, output) => {
    printed = output
  })) as { readonly _: readonly (string | number)[] }

  if (failure !== undefined) return { is: 'misuse', message: failure }
  if (printed) return { is: 'print', text: printed }
  if (words[1] !== undefined)
    return { is: 'misuse', message: `unexpected argument ${JSON.stringify(String(words[1]))}` }
  return command ?? { is: 'misuse', message: 'no command was given' }
}

// Before yargs sees them: it puts names that it does not know among the arguments, or drops them.
function findUnknown(args: readonly string[]): string | undefined {
  const command = args.find((arg) => !arg.startsWith('-'))
  const names = command === undefined ? ['help', 'version'] : NAMES_OF_OPTIONS.get(command)
  if (!names) return `unknown command ${JSON.stringify(command)}${suggest(command ?? '', NAMES_OF_OPTIONS.keys())}`
  const options = names.map((name) => `--${name}`)
  const typed = args.filter((arg) => arg.startsWith('-')).map((arg) => arg.replace(/=.*/s, ''))
  const unknown = typed.find((option) => !options.includes(option))
  return unknown === undefined ? undefined : `unknown option ${JSON.stringify(unknown)}${suggest(unknown, options)}`
}

function suggest(word: string, known: Iterable<string>): string {
  const nearest = findNearest(word, known)
  return nearest === undefined ? '' : `: did you mean ${JSON.stringify(nearest)}?`
}

// An option that is given twice comes as an array: the last one counts.
function takeLast<Value extends string | boolean | undefined>(value: Value | readonly Value[]): Value {
  return typeof value === 'object' ? (value.at(-1) as Value) : value
}

// yargs fails here for one reason only: an option that needs a value, without one.
function explainFailure(failure: string): string {
  const option = /: (.+)$/.exec(failure)?.[1] ?? ''
  return `option ${JSON.stringify(`--${option}`)} needs a value`
}
