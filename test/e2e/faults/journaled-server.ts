import { openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPeer } from 'netgen/runtime'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from '../../runtime/behaviour/handlers.js'
import { silent } from '../../runtime/behaviour/harness.js'

/** How long a handler takes at most, in milliseconds. */
const SLOW_MS = 20

/** What ran, as a line of the file each: written before anything else happens, so that no signal can lose it. */
const journal = openSync(process.env['JOURNAL'] ?? '', 'a')

async function run(id: string): Promise<string> {
  writeSync(journal, `${id}\n`)
  await sleep(Math.random() * SLOW_MS)
  return id
}

class JournalHandlers extends Handlers {
  override async echo(id: unknown): Promise<unknown> {
    return await run(String(id))
  }

  override async put({ text }: { text: string }): Promise<string> {
    return await run(text)
  }
}

/** A peer in a process of its own, on one port, which lives until it is killed, or as long as its parent. */
const peer = await createPeer({ port: Number(process.env['PORT']), logger: silent })
peer.connect(schema, new JournalHandlers())
process.once('disconnect', () => process.exit())
process.send?.(peer.id)
