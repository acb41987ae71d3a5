import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TESTS = fileURLToPath(new URL('.', import.meta.url))

/** A test, as tables of what is promised name it. */
export interface NamedTest {
  /** Its file, from the folder of the tests on. */
  readonly file: string
  /** As it stands there, with the places that a table fills. */
  readonly name: string
}

/** Whether a file is run that has a test of this very name. */
export function hasTest({ file, name }: NamedTest): boolean {
  const path = join(TESTS, file)
  if (!existsSync(path) || !isRun(path)) return false
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return new RegExp(`\\(\\s*(?:'${escaped.replace(/'/g, "\\\\'")}'|"${escaped}"|\`${escaped}\`),`).test(
    readFileSync(path, 'utf8'),
  )
}

/** A suite that is no test file has to be imported by one beside it. */
function isRun(path: string): boolean {
  if (path.endsWith('.test.ts')) return true
  const own = `./${basename(path, '.ts')}.js`
  const tests = readdirSync(dirname(path)).filter((name) => name.endsWith('.test.ts'))
  return tests.some((name) => readFileSync(join(dirname(path), name), 'utf8').includes(`'${own}'`))
}
