import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FileChange } from './compare-output.js'
import { FileProblem } from './file-problem.js'

/**
 * Carries out changes. Every new content is complete on the disk, beside its file, before the first file is replaced, so that
 * a full disk changes nothing; each file is replaced at once, so that nobody reads half of one.
 *
 * Throws a FileProblem where the file system refuses.
 */
export async function writeOutput(changes: readonly FileChange[]): Promise<void> {
  const prepared: { path: string; temporary: string }[] = []
  try {
    for (const { path, text, change } of changes) {
      if (text === undefined || change === 'unchanged') continue
      const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
      prepared.push({ path, temporary })
      await attempt(path, async () => {
        await mkdir(dirname(path), { recursive: true })
        // Fails where the name is taken, also by a link.
        await writeFile(temporary, text, { flag: 'wx' })
      })
    }
    for (const { path, temporary } of prepared) await attempt(path, () => rename(temporary, path))
    for (const { path, change } of changes) {
      if (change === 'removed') await attempt(path, () => rm(path, { force: true }))
    }
  } finally {
    await Promise.all(prepared.map(({ temporary }) => rm(temporary, { force: true })))
  }
}

async function attempt(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    throw FileProblem.from(error, path)
  }
}
