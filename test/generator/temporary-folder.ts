import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The folder of netgen's package. */
export const PACKAGE_FOLDER = fileURLToPath(new URL('../../', import.meta.url))

/** Creates a folder with these files, by relative path, that is gone after the test. Answers its real, absolute path. */
export function createFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'netgen-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) writeFile(folder, path, text)
  return folder
}

/** As `createFolder`, with netgen installed in it. */
export function createProject(files: Readonly<Record<string, string>> = {}): string {
  const folder = createFolder(files)
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  symlinkSync(PACKAGE_FOLDER, join(folder, 'node_modules/netgen'))
  return folder
}

/** Writes a file, and the folders around it. */
export function writeFile(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
