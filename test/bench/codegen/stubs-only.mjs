// The steps of `netgen build` without validators: the same modules, from reading a command line to writing files. A program of
// its own, so that what it loads is what these steps need.
import { join } from 'node:path'

const netgen = (path) => import(`../../../dist/generator/${path}`)
const [schemaFile, folder] = process.argv.slice(2)

const { createChildPool } = await netgen('load/child-pool.js')
const children = createChildPool()
children.prepare()
const { parseCommandLine } = await netgen('cli/parse-command-line.js')
await parseCommandLine(['build', schemaFile, '--out', folder], '0')

const { loadSchema } = await netgen('load/load-schema.js')
const loading = loadSchema(schemaFile, { children })
const { buildModel } = await netgen('model/build-model.js')
const { createTagClaims } = await netgen('model/declarations/tag-claims.js')
const { printSchemaModule } = await netgen('text/print-schema-module.js')
const { compareOutput } = await netgen('files/compare-output.js')
const { writeOutput } = await netgen('files/write-output.js')
const { createOutputMemory } = await netgen('files/output-memory.js')

const { ok, schema, source } = await loading
const { model } = ok ? buildModel(schemaFile, schema, source, createTagClaims()) : {}
if (!model) throw new Error(`${join(schemaFile)} cannot be built`)
const text = printSchemaModule(model, 'schema.ts', '.js')
const plan = { folder, ownFolder: 'none', mainFiles: [], files: [{ path: 'schema.ts', text }] }
const memory = createOutputMemory()
writeOutput(compareOutput(plan, memory), memory)
children.close()
