import { _, Ajv2020, type Code, type CodeKeywordDefinition, type Name, type Options } from 'ajv/dist/2020.js'
import createStandaloneCode from 'ajv/dist/standalone/index.js'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import type { JsonSchema } from '../model/json.js'
import { CODEC_KEYWORD } from '../model/json-schema.js'

/** The JSON Schemas of one declaration, to be compiled together. */
export interface CompilableSchemas {
  /** By the name that the check's export gets. References to types are `types#/$defs/<name>`. */
  readonly parts: ReadonlyMap<string, JsonSchema>
  /** What the parts have in common, compiled once: `$id` is `types`. */
  readonly types: JsonSchema
  /** Whether any of them has `unevaluatedProperties`. */
  readonly usesUnevaluated: boolean
}

/** Names that the compiled code uses and does not declare: the module that it becomes part of imports them. */
export const HELPER_NAMES = ['countCodePoints', 'findTwins', 'formats', 'isDeepEqual'] as const

/**
 * Compiles checks to the code of a module, as ajv writes it: one statement a line, `export const <part> = validate<n>;` for
 * each part. Throws an Error with ajv's own words for what ajv refuses.
 */
export function compileWithAjv({ parts, types, usesUnevaluated }: CompilableSchemas): string {
  const ajv = new Ajv2020(OPTIONS)
  // Ajv2020 cannot be told so before: this spares every check the book-keeping that only `unevaluatedProperties` needs, and
  // `$dynamicRef`, which no schema here has.
  ajv.opts.unevaluated = usesUnevaluated
  ajv.opts.dynamicRef = false
  for (const keyword of [MAX_LENGTH, MIN_LENGTH, UNIQUE_ITEMS])
    ajv.removeKeyword(keyword.keyword as string).addKeyword(keyword)
  // It says what the application has, and limits nothing.
  ajv.addKeyword(CODEC_KEYWORD)
  addFormats(ajv)
  ajv.addSchema(types)
  for (const [name, schema] of parts) ajv.addSchema(schema, name)
  return createStandaloneCode.default(ajv, Object.fromEntries(Array.from(parts.keys(), (name) => [name, name])))
}

const OPTIONS: Options = {
  strictSchema: true,
  strictNumbers: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  ownProperties: true,
  discriminator: true,
  allErrors: false,
  // The model wrote these schemas and checked every keyword; ajv's own check of a schema takes longer than compiling it.
  meta: false,
  validateSchema: false,
  logger: false,
  // Small types are checked where they stand: calling their check costs more than it. Larger ones exist once.
  inlineRefs: 40,
  code: {
    source: true,
    esm: true,
    lines: true,
    optimize: 1,
    formats: _`formats`,
    // What ajv evaluates is a stand-in, as nobody calls it here: evaluating every check takes a quarter of the time.
    process: () => 'return () => true',
  },
}

/**
 * ajv counts the code points of every text, which takes most of the time of a typical check. A text has at most as many code
 * points as UTF-16 units, and at least half as many, so counting is needed only in between.
 */
const MAX_LENGTH: CodeKeywordDefinition = createLengthKeyword('maxLength', 'more', (data, limit) => {
  return _`${data}.length > ${limit} && countCodePoints(${data}) > ${limit}`
})

const MIN_LENGTH: CodeKeywordDefinition = createLengthKeyword('minLength', 'fewer', (data, limit) => {
  return _`${data}.length < ${limit} || (${data}.length < ${2 * limit} && countCodePoints(${data}) < ${limit})`
})

function createLengthKeyword(
  keyword: string,
  comparison: string,
  printFailure: (data: Code, limit: number) => Code,
): CodeKeywordDefinition {
  return {
    keyword,
    type: 'string',
    schemaType: 'number',
    // Before a pattern, which takes longer.
    before: 'pattern',
    error: {
      message: ({ schema }) => `must NOT have ${comparison} than ${schema} characters`,
      params: ({ schema }) => _`{limit: ${schema as number}}`,
    },
    code: (context) => context.fail(printFailure(context.data, context.schema as number)),
  }
}

/** ajv compares each item that is no scalar with each other, which takes seconds for a message of the longest that there are. */
const UNIQUE_ITEMS: CodeKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  error: {
    message: 'must NOT have duplicate items',
    params: ({ params }) => _`{i: ${params['twins'] as Name}[1], j: ${params['twins'] as Name}[0]}`,
  },
  code: (context) => {
    if (context.schema !== true) return
    const twins = context.gen.const('twins', _`findTwins(${context.data})`)
    context.setParams({ twins })
    context.fail(_`${twins} !== undefined`)
  },
}

/** Those of which ajv-formats has an expression that takes quadratic time, or long for many short texts. */
const RUNTIME_FORMATS: ReadonlySet<string> = new Set(['ipv6', 'url'])

/**
 * Formats that are regular expressions are written into the checks; those that are functions are called in the runtime. What
 * formats of numbers ask for is in the schema's limits already.
 */
function addFormats(ajv: Ajv2020): void {
  for (const [name, format] of Object.entries(fullFormats)) {
    const isObject = typeof format === 'object' && !(format instanceof RegExp)
    // What ajv is given here is called by nobody: the code names the rule of the runtime.
    if (RUNTIME_FORMATS.has(name)) ajv.addFormat(name, () => true)
    else if (!isObject) ajv.addFormat(name, format)
    else if ('type' in format && format.type === 'number') ajv.addFormat(name, true)
    else ajv.addFormat(name, format.validate as (text: string) => boolean)
  }
}
