import { expect, test } from 'vitest'
import { isOlderServer } from '../../runtime/transport/nats/server-version.js'

const CASES: readonly [version: string, least: string, isOlder: boolean][] = [
  ['2.9.2', '2.9.3', true],
  ['2.9.3', '2.9.3', false],
  ['2.9.10', '2.9.3', false],
  ['2.8.42', '2.9.3', true],
  ['2.10.0', '2.9.3', false],
  ['1.99.99', '2.2.0', true],
  ['3.0.0', '2.9.3', false],
  ['v2.1.9', '2.2.0', true],
  ['2.10.0-RC.1', '2.10.0', false],
  ['2.9', '2.9.3', true],
  ['2.9.3', '2.10.0', true],
  ['dev', '2.9.3', false],
  ['', '2.9.3', false],
]

test.each(CASES)('nats-server %j is older than %j: %j', (version, least, isOlder) => {
  expect(isOlderServer(version, least)).toBe(isOlder)
})
