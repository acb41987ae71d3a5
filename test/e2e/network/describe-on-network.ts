import { describe, expect, test } from 'vitest'
import { prepareTools } from './prepare-tools.js'

const obstacle = await prepareTools()

/**
 * Describes what holds on a network. Where this machine can have none of its own it is left out, and the report says why; where
 * `NETGEN_NETWORK` is `required`, as in CI, that fails.
 */
export function describeOnNetwork(name: string, body: () => void): void {
  if (obstacle === undefined) describe(name, body)
  else if (process.env['NETGEN_NETWORK'] === 'required') test(name, () => expect(obstacle).toBeUndefined())
  else describe.skip(`${name} is not tested here: ${obstacle}`, body)
}
