import type { JsonObject } from '../model/json.js'
import { memoize } from '../model/memoize.js'
import { type ConnectionModel, type DeclarationModel, nameErrorPart } from '../model/model.js'
import type { ChecksCode } from '../validators/compile-checks.js'
import { type ImportEnding, toImportPath } from './import-path.js'
import { importType, importValue } from './module-symbol.js'
import { printCodecs } from './print-codecs.js'
import { printHead } from './print-head.js'
import { type Language, printModule } from './print-module.js'
import { joinSource, SourceText, source } from './source-text.js'

/** Prints the file with the checks of one declaration, which the runtime loads on its first use. */
export function printChecksModule(
  declaration: DeclarationModel,
  checks: ChecksCode,
  schemaPath: string,
  language: Language,
  ending: ImportEnding,
): string {
  return printOf(checks, JSON.stringify([language, ending]))(declaration, schemaPath)
}

const printOf = memoize((checks: ChecksCode, form) => {
  const [language, ending] = JSON.parse(form) as [Language, ImportEnding]
  return memoize((declaration: DeclarationModel, schemaPath) => {
    return compose(declaration, checks, schemaPath, language, ending)
  })
})

function compose(
  declaration: DeclarationModel,
  checks: ChecksCode,
  schemaPath: string,
  language: Language,
  ending: ImportEnding,
): string {
  const helpers = checks.helpers.map(importValue)
  const code = checks.code === '' ? source`` : source`${SourceText.trustGenerated(checks.code)}\n\n`
  const body = source`\n${code}${printChecks(declaration, checks)}
${printCodecs(declaration)}/** The JSON Schemas (2020-12) behind the checks, as text: parsed only when somebody asks. */
export const jsonSchemas${SourceText.typesOnly(source`: string`)} = ${JSON.stringify(collectSchemas(declaration))}
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

const VALIDATE = SourceText.symbol(importType('Validate'))

function printChecks(declaration: DeclarationModel, checks: ChecksCode): SourceText {
  switch (declaration.is) {
    case 'connection':
      return printConnectionChecks(declaration, checks)
    case 'event':
      return printCheck('payload', checks, source`Whether a value is this event's payload. null where it has none.`)
    case 'flag':
      return printCheck('data', checks, source`Whether a value is this flag's data. null where it has none.`)
  }
}

function printConnectionChecks({ input, errors }: ConnectionModel, checks: ChecksCode): SourceText {
  const what = input?.isStream ? source`an item of this connection's` : source`this connection's`
  const entries = errors.map(({ name }) => source`${SourceText.key(name)}: ${nameCheck(nameErrorPart(name), checks)}`)
  const errorTable = entries.length === 0 ? source`{}` : source`{ ${joinSource(entries, source`, `)} }`
  return source`${printCheck('input', checks, source`Whether a value is ${what} input. null where the connection takes none.`)}
${printCheck('output', checks, source`null where the connection answers nothing.`)}
export const errors${SourceText.typesOnly(source`: Readonly<Record<string, ${VALIDATE}>>`)} = ${errorTable}`
}

function printCheck(part: 'input' | 'output' | 'payload' | 'data', checks: ChecksCode, says: SourceText): SourceText {
  const type = SourceText.typesOnly(source`: ${VALIDATE} | null`)
  return source`/** ${says} */\nexport const ${SourceText.name(part)}${type} = ${nameCheck(part, checks)}`
}

function nameCheck(part: string, { functions }: ChecksCode): SourceText {
  const name = functions[part]
  return name === undefined ? source`null` : SourceText.name(name)
}

function collectSchemas(declaration: DeclarationModel): JsonObject {
  if (declaration.is === 'event') return declaration.payload ? { payload: declaration.payload.schema } : {}
  if (declaration.is === 'flag') return declaration.data ? { data: declaration.data.schema } : {}
  const { input, output, errors } = declaration
  return {
    ...(input && { input: input.schema }),
    ...(output && { output: output.schema }),
    errors: Object.fromEntries(errors.map(({ name, data }) => [name, data.schema])),
  }
}
