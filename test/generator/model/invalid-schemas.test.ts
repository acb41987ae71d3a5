import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { build } from '../../../generator/build.js'
import { formatDiagnostic } from '../../../generator/diagnostics/format-diagnostic.js'
import { createFolder, PACKAGE_FOLDER } from '../temporary-folder.js'

const FOLDER = join(PACKAGE_FOLDER, 'fixtures/invalid')
const SCHEMAS = ['declarations', 'types', 'names'].flatMap((area) =>
  readdirSync(join(FOLDER, area))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${area}/${name}`),
)

test.each(SCHEMAS)('every mistake in %s is explained as in the text beside it', async (schema) => {
  const out = createFolder()
  const { ok, diagnostics, files } = await build({ schemas: [schema], cwd: FOLDER, out })
  const printed = diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic, { cwd: FOLDER })}\n`).join('\n')
  await expect(printed).toMatchFileSnapshot(join(FOLDER, schema.replace(/\.ts$/, '.txt')))
  expect([ok, files, readdirSync(out)]).toEqual([false, [], []])
})
