import { scrypt } from 'node:crypto'
import { refuse } from '../errors/refuse.js'
import { readOwnFile } from '../transport/own-file.js'

/** Where a group's key comes from. */
export type KeySource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }

/**
 * The fewest characters of a key. Whoever reaches a peer gets proofs of it, and can try keys on them at home, as many as he has
 * processors for: 16 random letters and digits hold 95 bits, which nobody gets through.
 */
const MIN_KEY_LENGTH = 16

/** What one guess costs: 16 MiB, and some 40 ms here (scrypt, RFC 7914, section 2). */
const COST = { N: 16_384, r: 8, p: 1 }

/**
 * The secret that peers with one key share, of 32 bytes.
 *
 * Rejects with `invalid_argument` for a key that is too short or has blanks at its ends, `permission_denied` for a file of this user's that others may read, and
 * `unavailable` for one that cannot be read.
 */
export async function deriveSecret(source: KeySource): Promise<Buffer> {
  const key = source.kind === 'text' ? source.text : await readOwnFile(source.path, 'key file')
  const which = source.kind === 'text' ? 'key' : `the key in ${source.path}`
  if (key !== key.trim()) {
    throw refuse(
      'invalid_argument',
      `${which} begins or ends with a blank or a line break, and would be another key without it: trim it`,
    )
  }
  const length = [...key].length
  if (length < MIN_KEY_LENGTH) {
    throw refuse(
      'invalid_argument',
      `${which} has ${length} characters, expected ${MIN_KEY_LENGTH} or more, since strangers can try keys as fast as they ` +
        'compute: `openssl rand -base64 24` makes a good one',
    )
  }
  return new Promise((resolve, reject) => {
    // The same letters are the same key, however a keyboard composed them.
    scrypt(key.normalize('NFC'), 'netgen group key 1', 32, COST, (error, secret) => {
      if (error === null) resolve(secret)
      else reject(error)
    })
  })
}
