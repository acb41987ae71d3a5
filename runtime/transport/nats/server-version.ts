/** The oldest nats-server for durable events: consumers are pulled as they are here since then. */
export const OLDEST_DURABLE_SERVER = '2.9.3'

/**
 * Whether the version of a nats-server is older than `least`, both as in `2.10.4`. Only their numbers count, not that it is a release
 * candidate. What does not begin with numbers is some other server that speaks the same, and counts as new.
 */
export function isOlderServer(version: string, least: string): boolean {
  const found = readNumbers(version)
  const wanted = readNumbers(least)
  const differing = found.findIndex((number, place) => number !== wanted[place])
  return differing !== -1 && (found[differing] ?? 0) < (wanted[differing] ?? 0)
}

function readNumbers(version: string): readonly number[] {
  return (
    /^v?(\d+)\.(\d+)(?:\.(\d+))?/
      .exec(version)
      ?.slice(1)
      .map((digits) => Number(digits ?? 0)) ?? []
  )
}
