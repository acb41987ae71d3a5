import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../run-command.js'

/** Every flag that a user's project may have on, in TypeScript 5.5 and later. */
const STRICTEST = {
  target: 'es2022',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  allowImportingTsExtensions: true,
  noEmit: true,
}

const RESOLUTIONS = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
} as const

/** How to compile. */
export interface CompileOptions {
  /** The script of a TypeScript compiler, absolute. */
  readonly tsc: string
  readonly resolution: keyof typeof RESOLUTIONS
  /** Further compiler options. */
  readonly flags: Readonly<Record<string, unknown>>
}

/**
 * Compiles the programs and the output of projects, all at once. Answers what the compiler says: nothing where all is well.
 *
 * @param folder The one that the projects are in.
 */
export async function compileProjects(
  folder: string,
  projects: readonly string[],
  { tsc, resolution, flags }: CompileOptions,
): Promise<string> {
  const compilerOptions = { ...STRICTEST, ...RESOLUTIONS[resolution], ...flags }
  const include = projects.flatMap((project) => [`${project}/program.ts`, `${project}/generated`])
  const config = join(folder, `tsconfig.${Math.random().toString(36).slice(2)}.json`)
  writeFileSync(config, JSON.stringify({ compilerOptions, include }))
  const { stdout, stderr } = await runCommand(process.execPath, [tsc, '-p', config, '--pretty', 'false'], {
    cwd: folder,
  })
  return stdout + stderr
}
