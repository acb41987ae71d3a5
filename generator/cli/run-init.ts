import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { OwnPackage } from '../own-package.js'
import type { InitCommand } from './command.js'
import {
  listDevDependencies,
  TEMPLATE_SCRIPTS,
  TEMPLATE_SOURCES,
  writePackageJson,
  writeTsconfigJson,
} from './init-template.js'
import type { Terminal } from './terminal.js'

/**
 * Runs `netgen init`: writes a first schema, two peers, and what a project around them needs. A package.json and a tsconfig.json
 * that are there stay as they are. Where one of the sources is there, nothing is written: they only fit each other.
 *
 * @returns The exit code: 0 done, 1 nothing written, or not all, as the file system refused.
 */
export function runInit({ folder }: InitCommand, ownPackage: OwnPackage, terminal: Terminal): number {
  const target = resolve(terminal.cwd, folder)
  const existing = Object.keys(TEMPLATE_SOURCES).filter((name) => existsSync(join(target, name)))
  if (existing.length > 0) {
    terminal.printMessage(
      `netgen: ${existing.join(', ')} exists already, nothing written: choose an empty folder, as in \`netgen init first\``,
    )
    return 1
  }

  const hadPackage = existsSync(join(target, 'package.json'))
  try {
    writeTemplate(target, ownPackage, terminal)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === undefined) throw error
    terminal.printMessage(
      `netgen: folder ${JSON.stringify(folder)} cannot be written: the file system says ${code}: choose one that can be, as in \`netgen init first\``,
    )
    return 1
  }
  terminal.printMessage(writeNextSteps(folder, hadPackage, existsSync(join(target, 'node_modules/netgen')), ownPackage))
  return 0
}

/** Writes the files that are not there, and prints what became of each. Throws what the file system throws. */
function writeTemplate(target: string, ownPackage: OwnPackage, terminal: Terminal): void {
  mkdirSync(target, { recursive: true })
  const files = {
    ...TEMPLATE_SOURCES,
    'package.json': writePackageJson(target, ownPackage),
    'tsconfig.json': writeTsconfigJson(),
  }
  for (const [name, text] of Object.entries(files)) {
    const path = join(target, name)
    const isKept = existsSync(path)
    // `wx` refuses to overwrite, whatever came between.
    if (!isKept) writeFileSync(path, text, { flag: 'wx' })
    terminal.printData(`${isKept ? 'kept' : 'created'} ${relative(terminal.cwd, path)}`)
  }
}

function writeNextSteps(folder: string, hadPackage: boolean, isInstalled: boolean, ownPackage: OwnPackage): string {
  const steps = [
    ...(folder === '.' ? [] : [`cd ${quote(folder)}`]),
    ...(hadPackage ? listCommandsForExistingPackage(ownPackage, isInstalled) : ['npm install']),
    'npm run build      # after every change of schema.ts',
    'npm run server     # in one terminal',
    'npm run caller     # in another',
  ]
  return ['', 'Next:', ...steps.map((step) => `  ${step}`)].join('\n')
}

function listCommandsForExistingPackage(ownPackage: OwnPackage, isInstalled: boolean): string[] {
  const scripts = Object.entries(TEMPLATE_SCRIPTS).map(([name, script]) => `scripts.${name}="${script}"`)
  const packages = Object.entries(listDevDependencies(ownPackage)).map(([name, range]) => `"${name}@${range}"`)
  return [
    `npm pkg set type=module ${scripts.join(' ')}`,
    ...(isInstalled ? [] : ['npm install netgen']),
    `npm install --save-dev ${packages.join(' ')}`,
  ]
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : JSON.stringify(path)
}
