import { basename } from 'node:path'
import type { OwnPackage } from '../own-package.js'

/** The sources of a first project, by file name. They belong together: the peers call what the schema declares. */
export const TEMPLATE_SOURCES: Readonly<Record<string, string>> = Object.freeze({
  'schema.ts': `import { connection, Type } from 'netgen/schema'

/** Someone to greet. */
export const Person = Type.Object({
  name: Type.String({ minLength: 1 }),
})

/** Greets a person. */
export const greet = connection({
  input: Person,
  output: Type.String(),
})
`,
  'server.ts': `import { createPeer } from 'netgen/runtime'
import { type SchemaHandlers, schema } from './generated/schema.js'

const handlers: SchemaHandlers = {
  greet: ({ name }) => \`Hello \${name}, this is process \${process.pid}.\`,
}

const peer = await createPeer({ group: 'first' })
peer.connect(schema, handlers)
console.log(\`Peer \${peer.id} answers on port \${peer.port}. Ctrl+C ends it.\`)
`,
  'caller.ts': `import { createPeer } from 'netgen/runtime'
import { schema } from './generated/schema.js'

const peer = await createPeer({ group: 'first' })
const { greet } = peer.connect(schema)

const others = await peer.peers()
if (others.length === 0) console.log('Nobody is there: run \`npm run server\` in another terminal.')
for (const other of others) console.log(await greet({ name: 'Ada' }, { peer: other }))

await peer.close()
`,
})

/** The scripts that work with these sources. */
export const TEMPLATE_SCRIPTS: Readonly<Record<string, string>> = Object.freeze({
  build: 'netgen build',
  check: 'netgen build --check && tsc',
  server: 'tsx server.ts',
  caller: 'tsx caller.ts',
})

/** What a project needs while it is developed: at the versions that netgen itself is tested with. */
export function listDevDependencies({ devDependencies }: OwnPackage): Readonly<Record<string, string>> {
  const names = ['@types/node', 'tsx', 'typescript']
  return Object.fromEntries(names.map((name) => [name, devDependencies[name] ?? '*']))
}

/** Writes a package.json for a folder. */
export function writePackageJson(folder: string, ownPackage: OwnPackage): string {
  return formatJson({
    name: nameAfter(folder),
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: TEMPLATE_SCRIPTS,
    dependencies: { netgen: `^${ownPackage.version}` },
    devDependencies: listDevDependencies(ownPackage),
  })
}

/** Writes a tsconfig.json under which the sources, and what is generated from them, compile. */
export function writeTsconfigJson(): string {
  return formatJson({
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      module: 'nodenext',
      types: ['node'],
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      verbatimModuleSyntax: true,
    },
    include: ['*.ts', 'generated'],
  })
}

// npm's names are lower-case and URL-safe.
function nameAfter(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  // A package cannot depend on itself.
  return name === '' || name === 'netgen' ? 'first-peers' : name
}

function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
