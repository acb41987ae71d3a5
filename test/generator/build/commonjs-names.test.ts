import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { build } from '../../../generator/generator.js'
import { createProject, PACKAGE_FOLDER, writeFile } from '../temporary-folder.js'

const TAKEN = ['exports', 'require', '__esModule', 'Object', 'undefined']
const FREE = ['module', '__filename', '__dirname', 'Promise', 'Array', 'global']

const write = (names: readonly string[]): string =>
  `import { flag, Type } from 'netgen/schema'
${names.map((name, index) => `const value${index} = flag({ data: Type.Null() })\nexport { value${index} as ${name} }`).join('\n')}\n`

/** What the compiler says to a folder's generated files on their way to CommonJS. */
function compileToCommonJs(folder: string): string {
  const compilerOptions = {
    target: 'es2022',
    module: 'commonjs',
    moduleResolution: 'bundler',
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  }
  writeFile(folder, 'package.json', '{}')
  writeFile(folder, 'tsconfig.json', JSON.stringify({ compilerOptions, include: ['generated/**/*.ts'] }))
  const tsc = join(PACKAGE_FOLDER, 'node_modules/typescript/bin/tsc')
  return spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' }).stdout
}

test('flags have no name that a module of CommonJS cannot have, and any other', async () => {
  const folder = createProject({ 'schema.ts': write([...TAKEN, ...FREE]) })
  const refused = await build({ schemas: ['schema.ts'], cwd: folder })
  expect(refused.diagnostics.map(({ message }) => /the name (\w+),/.exec(message)?.[1])).toEqual(TAKEN)
  writeFile(folder, 'schema.ts', write(FREE))
  expect((await build({ schemas: ['schema.ts'], cwd: folder })).diagnostics).toEqual([])
  expect(compileToCommonJs(folder)).toBe('')
})
