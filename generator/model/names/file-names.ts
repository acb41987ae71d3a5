import { createHash } from 'node:crypto'

/** Names that Windows keeps for devices, whatever the extension. */
const DEVICE_NAME = /^(?:aux|con|nul|prn|com[0-9]|lpt[0-9])$/i

/** Most file systems hold 255 bytes; an extension and a temporary file's ending have to fit too. */
const MAX_NAME_BYTES = 200

/**
 * Gives each declaration the name of its file: its own, unless a disk that is blind to case or to Unicode's composed forms
 * would take it for another's, or cannot hold it. Then a part of the name's digest is added.
 */
export function nameFiles(names: readonly string[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(foldName(name), (counts.get(foldName(name)) ?? 0) + 1)
  return new Map(
    names.map((name) => {
      const isSafe =
        counts.get(foldName(name)) === 1 && !DEVICE_NAME.test(name) && Buffer.byteLength(name) <= MAX_NAME_BYTES
      return [name, isSafe ? name : addDigest(name)]
    }),
  )
}

function foldName(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
}

/** A minus stands in no identifier, so no other declaration can have the name that comes out. */
function addDigest(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${Buffer.from(name)
    .subarray(0, MAX_NAME_BYTES - 20)
    .toString()
    .replace(/\ufffd+$/, '')}-${digest}`
}
