import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../e2e/run-command.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FILES = ['package.json', 'package-lock.json']

/** The toolchains, or why they are not there. */
export type Toolchains =
  | { readonly isThere: true; readonly locate: (path: string) => string }
  | { readonly isThere: false; readonly reason: string }

/**
 * Installs the toolchains of the package.json beside this file, once for each version of its lock file, into
 * `node_modules/.cache`. Where they cannot be downloaded, says why; in CI (`CI=true`) that throws.
 */
export async function prepareToolchains(): Promise<Toolchains> {
  const folder = join(ROOT, 'node_modules/.cache', `netgen-toolchains-${digestLock()}`)
  const locate = (path: string): string => join(folder, 'node_modules', path)
  if (existsSync(folder)) return { isThere: true, locate }
  const reason = await install(folder)
  if (reason === undefined) return { isThere: true, locate }
  if (process.env['CI'] === 'true') throw new Error(`the toolchains are needed in CI: ${reason}`)
  return { isThere: false, reason }
}

function digestLock(): string {
  const hash = createHash('sha256')
  for (const file of FILES) hash.update(readFileSync(new URL(file, import.meta.url)))
  return hash.digest('hex').slice(0, 16)
}

async function install(folder: string): Promise<string | undefined> {
  // Test files run at the same time: whoever is first puts its own in place.
  const own = `${folder}.${process.pid}`
  mkdirSync(own, { recursive: true })
  try {
    for (const file of FILES) copyFileSync(new URL(file, import.meta.url), join(own, file))
    const args = ['ci', '--no-audit', '--no-fund', '--prefer-offline']
    const { code, stderr } = await runCommand('npm', args, { cwd: own })
    if (code !== 0) return `npm ci ended with ${code}: ${stderr.trim().split('\n').at(-1)}`
    if (!existsSync(join(own, 'node_modules/node-24/bin/node'))) return 'npm did not run the installer of node'
    renameSync(own, folder)
    return undefined
  } catch (error) {
    return existsSync(folder) ? undefined : String(error)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}
