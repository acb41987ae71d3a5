// What netgen and other libraries print for the same failure in another process, each as it comes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { Child } from '../measure/child.js'
import type { ServerAnswers } from './server-process.js'
import { services } from './services.js'

const registry = mkdtempSync(join(tmpdir(), 'netgen-errors-'))
process.env['NET_REGISTRY'] = registry
process.env['NET_LOG'] = 'silent'

const script = fileURLToPath(import.meta.resolve('./server-process.js'))

for (const [name, service] of Object.entries(services)) {
  const server = new Child<ServerAnswers>(script, [], 0, ['--enable-source-maps'])
  const client = await service.connect(await server.ask('start', name))
  console.log(`\n## ${service.title}\n`)
  try {
    await buyTea(client)
  } catch (error) {
    // As console.error prints it.
    console.log(inspect(error))
  }
  await client.close?.()
  await server.stop()
}
rmSync(registry, { recursive: true })

async function buyTea(client: { countItems(item: string): Promise<unknown> }): Promise<void> {
  await client.countItems('tea')
}
