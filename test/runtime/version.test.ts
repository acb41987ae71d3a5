import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { VERSION } from '../../runtime/version.js'

test('the version that peers tell each other is the one of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(VERSION).toBe(version)
})
