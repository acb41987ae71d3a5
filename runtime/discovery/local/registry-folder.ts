import { readlinkSync } from 'node:fs'
import { lstat, mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { refuse } from '../../errors/refuse.js'
import { isForeign, isOpen } from '../../transport/own-file.js'

/** The two things in a user's registry: the secret that its peers share, and a folder with one file per peer. */
export interface RegistryFolder {
  readonly secretPath: string
  readonly peersPath: string
}

/**
 * Makes a registry folder ready: created with mode 0700 where it is missing. `peersName` is the folder in it that holds the files.
 *
 * Throws `permission_denied` where it is a link, or belongs to or is open to somebody else: whoever can write there is
 * trusted with every call.
 */
export async function openRegistryFolder(path: string, peersName = 'peers'): Promise<RegistryFolder> {
  const peersPath = join(path, peersName)
  for (const folder of [path, peersPath]) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
    } catch (cause) {
      throw refuse('unavailable', `registry folder ${folder} cannot be made: set NET_REGISTRY to one that can`, {
        cause,
      })
    }
    await refuseForeign(folder)
  }
  return { secretPath: join(path, 'secret'), peersPath }
}

async function refuseForeign(folder: string): Promise<void> {
  const status = await lstat(folder)
  if (!status.isDirectory()) {
    throw refuse('permission_denied', `registry folder ${folder} is a link: set NET_REGISTRY to the folder itself`)
  }
  if (isForeign(status)) {
    throw refuse(
      'permission_denied',
      `registry folder ${folder} belongs to another user: set NET_REGISTRY to one of your own`,
    )
  }
  if (isOpen(status)) {
    throw refuse('permission_denied', `registry folder ${folder} is open to other users: run chmod 700 on it`)
  }
}

/**
 * Which loopback a peer is on. A home folder may be shared by several machines or containers, whose peers cannot reach
 * each other: they have to leave each other's files alone.
 */
export function readLoopbackScope(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/net')}`
  } catch {
    // Not Linux: one loopback for each machine.
    return hostname()
  }
}
