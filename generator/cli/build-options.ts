import type { BuildCommand } from './command.js'

/** The options of `netgen build`: names, kinds, and what `--help` says of them. */
export const BUILD_OPTIONS = {
  out: {
    type: 'string',
    requiresArg: true,
    describe: 'The output folder. Default: "generated" beside each schema',
  },
  language: {
    type: 'string',
    requiresArg: true,
    describe: 'ts, or js with declarations. Default: js where your tsconfig.json says "noEmit", else ts',
  },
  'import-ending': {
    type: 'string',
    requiresArg: true,
    describe: 'How ts files import each other: js, ts or none. Default: as your tsconfig.json allows',
  },
  check: { type: 'boolean', default: false, describe: 'Write nothing; exit with 1 where the output is not up to date' },
  watch: { type: 'boolean', default: false, describe: 'Build again whenever an input changes, until Ctrl+C' },
  json: { type: 'boolean', default: false, describe: 'Print one JSON document a build to standard output' },
} as const

/** What was typed for them. */
export interface BuildValues {
  readonly out?: string | undefined
  readonly language?: string | undefined
  readonly 'import-ending'?: string | undefined
  readonly check?: boolean | undefined
  readonly watch?: boolean | undefined
  readonly json?: boolean | undefined
}

/** Makes the command of what was typed. Answers a message where a value is none of an option's. */
export function createBuildCommand(schemas: readonly string[], values: BuildValues): BuildCommand | string {
  const { out, language, 'import-ending': importEnding, check = false, watch = false, json = false } = values
  const knownLanguage = LANGUAGES.find((known) => known === language)
  if (language !== knownLanguage) return explainValue('language', language, LANGUAGES)
  const knownEnding = IMPORT_ENDINGS.find((known) => known === importEnding)
  if (importEnding !== knownEnding) return explainValue('import-ending', importEnding, IMPORT_ENDINGS)
  return {
    is: 'build',
    schemas,
    check,
    watch,
    json,
    ...(out !== undefined && { out }),
    ...(knownLanguage && { language: knownLanguage }),
    ...(knownEnding && { importEnding: knownEnding }),
  }
}

const LANGUAGES = ['ts', 'js'] as const
const IMPORT_ENDINGS = ['js', 'ts', 'none'] as const

function explainValue(option: string, value: string | undefined, known: readonly string[]): string {
  return `option "--${option}" is ${JSON.stringify(value)}, expected one of ${known.join(', ')}`
}
