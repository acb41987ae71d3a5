import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** An entry of the lock file. */
interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
}

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url))
const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { packages: Readonly<Record<string, Locked>> }
const installed = Object.entries(packages).filter(([name]) => name !== '')

// Below these each has a fault that somebody else can use, or that ends the process.
test.each([
  ['ws', '8.21.1'],
  ['undici', '7.29.1'],
  ['ajv', '8.18.0'],
  ['recheck', '4.5.0'],
  ['typebox', '1.4.3'],
  ['multicast-dns', '7.2.5'],
])('%s is %s or newer, wherever it is installed', (name, least) => {
  const copies = installed.filter(([path]) => path.endsWith(`node_modules/${name}`))
  expect(copies.length).toBeGreaterThan(0)
  expect(copies.filter(([, { version = '0' }]) => compare(version, least) < 0)).toEqual([])
})

test('every package is what the lock file says, to the byte', () => {
  expect(installed.length).toBeGreaterThan(50)
  expect(installed.filter(([, { integrity }]) => integrity === undefined).map(([name]) => name)).toEqual([])
})

test('nothing that runs in production runs anything when it is installed', () => {
  const production = installed.filter(([, { dev, optional, devOptional }]) => !dev && !optional && !devOptional)
  expect(production.map(([name]) => name)).toEqual(['node_modules/undici', 'node_modules/ws'])
  expect(production.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([])
})

function compare(left: string, right: string): number {
  const [one, other] = [left, right].map((version) => version.split('.').map((part) => Number.parseInt(part, 10)))
  const differences = [0, 1, 2].map((index) => (one?.[index] ?? 0) - (other?.[index] ?? 0))
  return differences.find((difference) => difference !== 0) ?? 0
}
