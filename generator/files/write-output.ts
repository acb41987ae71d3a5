import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { FileChange } from './compare-output.js'
import { FileProblem } from './file-problem.js'
import type { OutputMemory } from './output-memory.js'

/**
 * Carries out changes. Every new content is complete on the disk, beside its file, before the first file is replaced, so that
 * a full disk changes nothing; each file is replaced at once, so that nobody reads half of one.
 *
 * Throws a FileProblem where the file system refuses.
 */
export function writeOutput(changes: readonly FileChange[], memory: OutputMemory): void {
  const prepared: { path: string; temporary: string; text: string }[] = []
  try {
    const changed = changes.filter(({ text, change }) => text !== undefined && change !== 'unchanged')
    for (const folder of new Set(changed.map(({ path }) => dirname(path)))) {
      attempt(folder, () => mkdirSync(folder, { recursive: true }))
    }
    for (const { path, text = '' } of changed) {
      const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
      prepared.push({ path, temporary, text })
      // Fails where the name is taken, also by a link.
      attempt(path, () => writeFileSync(temporary, text, { flag: 'wx' }))
    }
    while (prepared[0]) {
      const { path, temporary, text } = prepared[0]
      attempt(path, () => renameSync(temporary, path))
      memory.note(path, text)
      prepared.shift()
    }
    for (const { path, change } of changes) {
      if (change === 'removed') attempt(path, () => rmSync(path, { force: true }))
    }
  } finally {
    for (const { temporary } of prepared) rmSync(temporary, { force: true })
  }
}

function attempt(path: string, act: () => void): void {
  try {
    act()
  } catch (error) {
    throw FileProblem.from(error, path)
  }
}
