// The steps of `netgen build` without validators: the same modules, from reading a command line to writing files. A program of
// its own, so that what it loads is what these steps need; bundled before it is measured, as the command is when it is shipped.
import { join, resolve } from 'node:path'
import { locateCache } from '../../../dist/generator/cache/locate-cache.js'
import { parsePlainBuild } from '../../../dist/generator/cli/parse-plain-build.js'
import { startLoadWorkers } from '../../../dist/generator/load/load-workers.js'

const { schemas, out: folder } = parsePlainBuild(process.argv.slice(2))
const [schemaFile] = schemas
const workers = startLoadWorkers(locateCache(resolve(schemaFile)))
const { loadSchema } = await import('../../../dist/generator/load/load-schema.js')
const loading = loadSchema(schemaFile, { workers })
const { buildModel } = await import('../../../dist/generator/model/build-model.js')
const { createTagClaims } = await import('../../../dist/generator/model/declarations/tag-claims.js')
const { printSchemaModule } = await import('../../../dist/generator/text/print-schema-module.js')
const { compareOutput } = await import('../../../dist/generator/files/compare-output.js')
const { writeOutput } = await import('../../../dist/generator/files/write-output.js')
const { createOutputMemory } = await import('../../../dist/generator/files/output-memory.js')

const { ok, schema, source } = await loading
const { model } = ok ? buildModel(schemaFile, schema, source, createTagClaims()) : {}
if (!model) throw new Error(`${join(schemaFile)} cannot be built`)
const text = printSchemaModule(model, 'schema.ts', '.js')
const plan = { folder, ownFolder: 'none', mainFiles: [], files: [{ path: 'schema.ts', text }] }
const memory = createOutputMemory()
writeOutput(compareOutput(plan, memory), memory)
await workers.close()
