import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { BuildResult } from '../build-result.js'
import type { Builder } from '../builder.js'
import { formatJson, printResult, summarize } from './build-report.js'
import { type BuildCommand, DEFAULT_SCHEMA } from './command.js'
import type { Terminal } from './terminal.js'
import { watchSchemas } from './watch-schemas.js'

/** The generator, as the command line uses it. */
export type BuildProgram = Pick<Builder, 'build' | 'begin' | 'discard'>

/** Runs `netgen build`. Answers the exit code: 0 done, 1 something is wrong or, with `--check`, out of date, 2 misuse. */
export async function runBuild(
  command: BuildCommand,
  { build, begin, discard }: BuildProgram,
  terminal: Terminal,
): Promise<number> {
  const misuse = findMisuse(command, terminal.cwd)
  if (misuse !== undefined) {
    terminal.printMessage(`netgen: ${misuse}`)
    return 2
  }
  const schemas = command.schemas.length > 0 ? command.schemas : [DEFAULT_SCHEMA]
  const buildAll = (some: readonly string[]): Promise<BuildResult> => runOnce(command, some, build, terminal)
  if (!command.watch) return (await buildAll(schemas)).ok ? 0 : 1

  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  await watchSchemas({
    schemas: schemas.map((schema) => resolve(terminal.cwd, schema)),
    begin,
    discard,
    build: (schema) => buildAll([schema]),
    onWatching: (files) => terminal.printMessage(`watching ${files} ${files === 1 ? 'file' : 'files'}, Ctrl+C ends`),
    onFailure: (error) => terminal.printMessage(`netgen: ${error instanceof Error ? error.stack : String(error)}`),
    signal: interrupted.signal,
  })
  // A build under way is worth nothing any more, and a schema file that hangs would hold the process.
  return process.exit(0)
}

function findMisuse(
  { schemas, out, check, watch, language, importEnding }: BuildCommand,
  cwd: string,
): string | undefined {
  if (check && watch) return 'options "--check" and "--watch" exclude each other: leave one out'
  if (language === 'js' && importEnding !== undefined)
    return 'options "--language js" and "--import-ending" exclude each other: JavaScript imports by whole names'
  if (out === '') return 'option "--out" needs a folder: leave it out for "generated" beside the schema'
  if (schemas.length > 0 || existsSync(resolve(cwd, DEFAULT_SCHEMA))) return undefined
  return 'there is no "schema.ts" here: name a schema file, as in `netgen build src/schema.ts`, or write a first one with `netgen init`'
}

async function runOnce(
  { out, check, json, watch, language, importEnding }: BuildCommand,
  schemas: readonly string[],
  build: BuildProgram['build'],
  terminal: Terminal,
): Promise<BuildResult> {
  const startedAtMs = performance.now()
  const result = await build({
    schemas,
    check,
    cwd: terminal.cwd,
    ...(out !== undefined && { out }),
    ...(language && { language }),
    ...(importEnding && { importEnding }),
  })
  if (json) {
    terminal.printData(formatJson(result))
    return result
  }
  printResult(result, check, terminal)
  const tookMs = Math.round(performance.now() - startedAtMs)
  const subject = watch ? schemas.map((schema) => relative(terminal.cwd, schema)).join(', ') : 'netgen'
  terminal.printMessage(`${subject}: ${summarize(result, check)} (${tookMs} ms)`)
  const isStale = check && !result.ok && result.diagnostics.every(({ severity }) => severity !== 'error')
  if (isStale) terminal.printMessage('the output is not up to date: run `netgen build`')
  return result
}
