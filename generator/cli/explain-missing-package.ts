/**
 * Explains an error that comes from building where the packages for building were left out (`npm ci --omit=optional`).
 * `undefined` for every other error.
 */
export function explainMissingPackage(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const name = /^Cannot find (?:package|module) '([^']+)'/.exec(error.message)?.[1] ?? findMissingBinary(error.message)
  if (name === undefined || !BUILD_PACKAGES.some((known) => name === known || name.startsWith(`${known}/`)))
    return undefined
  return `netgen: the package ${JSON.stringify(name)} is not installed, which only building needs: run \`npm install --include=optional\`, or build where it is installed and ship the generated files`
}

// What package.json lists as optional: a peer that runs generated code loads none of them.
const BUILD_PACKAGES = [
  'ajv',
  'ajv-formats',
  'esbuild',
  '@esbuild',
  'get-tsconfig',
  'recheck',
  'ts-morph',
  '@ts-morph',
  'typebox',
  'yargs',
]

// esbuild's own words where its package is there, and the one with its program for this platform is not.
function findMissingBinary(message: string): string | undefined {
  return /^The package "(@esbuild\/[^"]+)" could not be found/.exec(message)?.[1]
}
