import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { PACKAGE_FOLDER, writeFile } from './temporary-folder.js'

/** Every flag that a user's project may have on. */
const STRICTEST = {
  target: 'es2022',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
  typeRoots: [join(PACKAGE_FOLDER, 'node_modules/@types')],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  declaration: true,
  noEmit: true,
  skipLibCheck: true,
}

/** Adds flags that TypeScript 5.5 does not know yet, or that only generated code has to satisfy. */
const GENERATED_ONLY = { erasableSyntaxOnly: true, isolatedDeclarations: true }

/** Compiles a folder's files with the strictest flags; netgen comes from its sources. Answers what the compiler says. */
export function compileTypes(folder: string, include: readonly string[], flags: 'generated' | 'any'): string {
  const paths = {
    'netgen/runtime/v1': [join(PACKAGE_FOLDER, 'runtime/v1.ts')],
    'netgen/schema': [join(PACKAGE_FOLDER, 'schemas/schema.ts')],
  }
  const compilerOptions = { ...STRICTEST, ...(flags === 'generated' && GENERATED_ONLY), paths }
  writeFile(folder, 'package.json', '{ "type": "module" }')
  writeFile(folder, 'tsconfig.json', JSON.stringify({ compilerOptions, include }))
  const tsc = join(PACKAGE_FOLDER, 'node_modules/typescript/bin/tsc')
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' })
  return stdout + stderr
}
