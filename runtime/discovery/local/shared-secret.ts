import { randomBytes } from 'node:crypto'
import { link, open, rm, writeFile } from 'node:fs/promises'
import { isRefusal, refuse } from '../../errors/refuse.js'
import { isForeign, isOpen } from '../../transport/own-file.js'

const SECRET_BYTES = 32

/**
 * The secret of this user's peers: read, or made by whoever comes first. Mode 0600.
 *
 * Throws `permission_denied` where the file holds anything else than 32 bytes in hexadecimal, or is not this user's alone.
 */
export async function readSharedSecret(path: string): Promise<Buffer> {
  const text = (await readIfThere(path)) ?? (await create(path))
  if (/^[0-9a-f]{64}\n?$/.test(text)) return Buffer.from(text.trim(), 'hex')
  throw refuse('permission_denied', `${path} holds no secret of netgen's: remove it, and close all peers`)
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readOwn(path)
  } catch (error) {
    if (isRefusal(error)) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw refuse('permission_denied', `${path} cannot be read`, { cause: error })
  }
}

/** Checks the very file that it reads, whatever takes its place meanwhile. */
async function readOwn(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const status = await file.stat()
    if (isForeign(status) || isOpen(status)) {
      throw refuse('permission_denied', `${path} is open to other users, or theirs: remove it, and close all peers`)
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

async function create(path: string): Promise<string> {
  const own = `${path}.${randomBytes(8).toString('hex')}`
  try {
    await writeFile(own, `${randomBytes(SECRET_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
    // A link appears whole or not at all, and never over the secret of another peer that was quicker.
    await link(own, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(own, { force: true })
  }
  return readOwn(path)
}
