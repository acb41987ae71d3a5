import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { installPackages } from '../../e2e/install-packages.js'

/** Where Debian's package puts it. */
export const CHROMIUM = '/usr/bin/chromium'

const obstacle = await prepareChromium()

/** Why this machine has no Chromium; undefined where it has one. It is installed where that can be done, as root on Debian. */
async function prepareChromium(): Promise<string | undefined> {
  if (existsSync(CHROMIUM)) return undefined
  if (process.getuid?.() !== 0) return `it needs ${CHROMIUM}: install Debian's package chromium`
  try {
    await installPackages(['chromium'], ['chromium'])
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * Describes what holds in a browser. Where there is none it is left out, and the report says why; where `NETGEN_BROWSER` is
 * `required`, as in CI, that fails.
 */
export function describeInBrowser(name: string, body: () => void): void {
  if (obstacle === undefined) describe(name, body)
  else if (process.env['NETGEN_BROWSER'] === 'required') test(name, () => expect(obstacle).toBeUndefined())
  else describe.skip(`${name} is not tested here: ${obstacle}`, body)
}
