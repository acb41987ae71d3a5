import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { type Answer, BUNDLE_NAME, type ChildMessage, type Task } from '../answer.js'
import { describeThrown } from './describe-thrown.js'
import { packExports } from './pack-exports.js'
import { warmUp } from './warm-up.js'

/**
 * What the child process does: it takes one task, runs it, and sends one answer. Then its parent ends it.
 *
 * @param vocabulary The URL of what the schema file probably imports, to be loaded while there is no task yet. Default: none.
 * @param warmsUp Whether there will be time until then to run what it needs. Default: false.
 */
export async function answerTask(vocabulary?: string, warmsUp = false): Promise<void> {
  let isWaiting = true
  let known: ReadonlyMap<string, string> = new Map()
  const taken = new Promise<Task>((resolve) => {
    process.on('message', (message: ChildMessage) => {
      known = message.known ?? known
      if (message.task) resolve(message.task)
    })
  })
  void taken.then(() => {
    isWaiting = false
  })
  const loading = vocabulary === undefined ? undefined : (import(vocabulary) as Promise<unknown>)
  if (warmsUp) void loading?.then((loaded) => warmUp(loaded, () => isWaiting)).catch(() => undefined)
  // Where it cannot be loaded, the schema file will say so if it needs it.
  const loaded = loading?.catch(() => undefined)
  const task = await taken
  // A file of CommonJS cannot require what is still being imported.
  await loaded
  process.chdir(dirname(task.file))
  // A parent that is gone will end nothing any more. The listener must not keep this process alive either: where nothing is
  // left to wait for, a top-level await will never settle, and Node's exit code 13 has to say so.
  process.once('disconnect', () => process.exit())
  process.channel?.unref()
  // A promise that the schema file rejected and nobody awaits ends here.
  process.once('uncaughtException', (error) => sendAnswer(describeThrown(error)))
  // CommonJS files that were bundled along look for it.
  globalThis.require = createRequire(task.file)
  sendAnswer(await runTask(task, known))
}

async function runTask({ code, isCommonJs = false }: Task, known: ReadonlyMap<string, string>): Promise<Answer> {
  try {
    // A data URL needs no file beside the user's; inside it, every import is a `file:` URL or a module of Node.
    const named = `${code}\n//# sourceURL=${BUNDLE_NAME}`
    const url = `data:text/javascript;base64,${Buffer.from(named).toString('base64')}`
    const module = (await import(url)) as Record<string, unknown>
    return packExports(isCommonJs ? { ...(module['default'] as object) } : module, known)
  } catch (error) {
    return describeThrown(error)
  }
}

function sendAnswer(answer: Answer): void {
  process.send?.(answer)
}
