import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { refuse } from '../../errors/refuse.js'

const SECRET_BYTES = 32

/**
 * The secret of this user's peers: read, or made by whoever comes first. Mode 0600.
 *
 * Throws `permission_denied` where the file holds anything else than 32 bytes in hexadecimal.
 */
export async function readSharedSecret(path: string): Promise<Buffer> {
  const text = (await readIfThere(path)) ?? (await create(path))
  if (/^[0-9a-f]{64}\n?$/.test(text)) return Buffer.from(text.trim(), 'hex')
  throw refuse('permission_denied', `${path} holds no secret of netgen's: remove it, and close all peers`)
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw refuse('permission_denied', `${path} cannot be read`, { cause: error })
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
  return readFile(path, 'utf8')
}
