import type { JsonObject } from '../model/json.js'
import { memoize } from '../model/memoize.js'
import type { ConnectionModel } from '../model/model.js'
import type { ConnectionChecksCode } from '../validators/compile-checks.js'
import { type ImportEnding, toImportPath } from './import-path.js'
import { importType, importValue } from './module-symbol.js'
import { printCodecs } from './print-codecs.js'
import { printHead } from './print-head.js'
import { type Language, printModule } from './print-module.js'
import { joinSource, SourceText, source } from './source-text.js'

/** Prints the file with the checks of one connection, which the runtime loads on the connection's first use. */
export function printChecksModule(
  connection: ConnectionModel,
  checks: ConnectionChecksCode,
  schemaPath: string,
  language: Language,
  ending: ImportEnding,
): string {
  return printOf(checks, JSON.stringify([language, ending]))(connection, schemaPath)
}

const printOf = memoize((checks: ConnectionChecksCode, form) => {
  const [language, ending] = JSON.parse(form) as [Language, ImportEnding]
  return memoize((connection: ConnectionModel, schemaPath) => {
    return compose(connection, checks, schemaPath, language, ending)
  })
})

function compose(
  connection: ConnectionModel,
  checks: ConnectionChecksCode,
  schemaPath: string,
  language: Language,
  ending: ImportEnding,
): string {
  const validate = SourceText.symbol(importType('Validate'))
  const optional = SourceText.typesOnly(source`: ${validate} | null`)
  const errors = checks.errors.map(([name, check]) => source`${SourceText.key(name)}: ${SourceText.name(check)}`)
  const errorTable = errors.length === 0 ? source`{}` : source`{ ${joinSource(errors, source`, `)} }`
  const helpers = checks.helpers.map(importValue)
  const code = checks.code === '' ? source`` : source`${SourceText.trustGenerated(checks.code)}\n\n`
  const what = connection.input?.isStream ? source`an item of this connection's` : source`this connection's`
  const body = source`\n${code}/** Whether a value is ${what} input. null where the connection takes none. */
export const input${optional} = ${printCheck(checks.input)}
/** null where the connection answers nothing. */
export const output${optional} = ${printCheck(checks.output)}
export const errors${SourceText.typesOnly(source`: Readonly<Record<string, ${validate}>>`)} = ${errorTable}
${printCodecs(connection)}/** The JSON Schemas (2020-12) behind the checks, as text: parsed only when somebody asks. */
export const jsonSchemas${SourceText.typesOnly(source`: string`)} = ${JSON.stringify(collectSchemas(connection))}
`
  return printModule({
    head: printHead(schemaPath, false, language),
    body,
    declares: new Set(),
    uses: helpers,
    language,
    // No bundler looks for TypeScript where JavaScript imports JavaScript.
    schemaImport: toImportPath(schemaPath, language === 'js' ? '.ts' : ending),
  })
}

function printCheck(name: string | undefined): SourceText {
  return name === undefined ? source`null` : SourceText.name(name)
}

function collectSchemas({ input, output, errors }: ConnectionModel): JsonObject {
  return {
    ...(input && { input: input.schema }),
    ...(output && { output: output.schema }),
    errors: Object.fromEntries(errors.map(({ name, data }) => [name, data.schema])),
  }
}
