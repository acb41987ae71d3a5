import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from './network/run-tool.js'

/**
 * Installs Debian's packages where a command of theirs is missing: as root, on Debian and its like. One test file at a time does, for
 * apt-get has no patience with another of its kind. Rejects where they cannot be had.
 */
export async function installPackages(commands: readonly string[], packages: readonly string[]): Promise<void> {
  const isThere = commands.map((command) => `command -v ${command} >/dev/null`).join(' && ')
  const install = `DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${packages.join(' ')}`
  const lock = join(tmpdir(), 'netgen-tools.lock')
  await runTool('flock', [lock, 'sh', '-c', `${isThere} || { apt-get update -qq && ${install}; }`])
}
