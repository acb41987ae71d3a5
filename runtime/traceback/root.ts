import { createHash } from 'node:crypto'
import { hostname } from 'node:os'

/** A folder of this machine as peers may tell it: equal texts mean the same folder, and nothing of it can be read from them. */
export function digestRoot(root: string): string {
  const text = JSON.stringify(['netgen', 'root', hostname(), root])
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}
