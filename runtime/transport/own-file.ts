import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import { readProperty } from '../errors/is-error.js'
import { isRefusal, refuse } from '../errors/refuse.js'

/** Whether something belongs to another user. On Windows nothing says so: there the user's profile folder protects it. */
export function isForeign(status: Stats): boolean {
  return process.getuid !== undefined && status.uid !== process.getuid()
}

/** Whether other users may do anything with it. Windows has no modes of this kind. */
export function isOpen(status: Stats): boolean {
  return process.getuid !== undefined && (status.mode & 0o077) !== 0
}

/**
 * The text of a file that holds a secret, without the line's end that editors leave. `what` it is called in errors.
 *
 * Rejects with `permission_denied` for a file of this user's that others may read, and `unavailable` for one that cannot be read.
 */
export async function readOwnFile(path: string, what: string): Promise<string> {
  try {
    return (await readOwn(path, what)).replace(/\r?\n$/, '')
  } catch (cause) {
    if (isRefusal(cause)) throw cause
    const isMissing = readProperty(cause as Error, 'code') === 'ENOENT'
    const problem = isMissing
      ? 'does not exist: write it, or correct its path'
      : 'cannot be read: let this user read it'
    throw refuse('unavailable', `${what} ${path} ${problem}`, { cause })
  }
}

/** As `readOwnFile`, for where nobody can wait; undefined for a file that it would reject. */
export function readOwnFileAtOnce(path: string): string | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      const status = fstatSync(file)
      return isForeign(status) || !isOpen(status) ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') : undefined
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

/**
 * Checks the very file that it reads. As ssh does with its keys, only one of this user's own: what the keeper of a container's
 * secrets puts there belongs to root, and its mode is not another user's to change.
 */
async function readOwn(path: string, what: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const status = await file.stat()
    if (!isForeign(status) && isOpen(status)) {
      throw refuse(
        'permission_denied',
        `${what} ${path} is open to other users: run chmod 600 on it, or mount it with mode 0400`,
      )
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}
