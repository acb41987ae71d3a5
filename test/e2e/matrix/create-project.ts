import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runWell } from '../run-command.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** The fixtures whose output is compiled and run, by the names of their schema files in the project. */
const SCHEMAS = {
  'demo.ts': 'fixtures/demo/schema.ts',
  'behaviour.ts': 'fixtures/behaviour/schema.ts',
  'basics.ts': 'fixtures/schemas/basics/schema.ts',
  'all-types.ts': 'fixtures/schemas/all-types/schema.ts',
  'codecs.ts': 'fixtures/schemas/codecs/schema.ts',
  'events.ts': 'fixtures/schemas/events/schema.ts',
  'streams.ts': 'fixtures/schemas/streams/schema.ts',
  'recursion.ts': 'fixtures/schemas/recursion/schema.ts',
  'nasty-names.v2.ts': 'fixtures/schemas/nasty-names/my-schema.v2.ts',
} as const

/** A form of the output, as options of the command. */
export type Form =
  | readonly ['--language', 'ts', '--import-ending', 'js' | 'ts' | 'none']
  | readonly ['--language', 'js']

/** What a user's own code imports the generated code by. */
export function chooseEnding([, language, , ending]: Form): string {
  return language === 'js' || ending === 'js' ? '.js' : ending === 'ts' ? '.ts' : ''
}

/** Writes a project with every fixture's schema, its output in a form, and a program that uses all of them. */
export async function createProject(folder: string, form: Form): Promise<void> {
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true })
  symlinkSync(ROOT, join(folder, 'node_modules/netgen'))
  for (const name of ['tsx', '@types/node', 'typebox']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name))
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  for (const [name, path] of Object.entries(SCHEMAS)) copyFileSync(join(ROOT, path), join(folder, name))
  const main = join(ROOT, 'dist/generator/cli/main.js')
  await runWell(process.execPath, [main, 'build', ...Object.keys(SCHEMAS), ...form], { cwd: folder })
  const program = readFileSync(new URL('program.ts.txt', import.meta.url), 'utf8')
  writeFileSync(join(folder, 'program.ts'), program.replace(/(generated\/.*)\.js'/g, `$1${chooseEnding(form)}'`))
}
