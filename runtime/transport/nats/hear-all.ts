import { refuse } from '../../errors/refuse.js'
import type { Engine, EngineMessage } from './engine.js'

/**
 * Hears subjects from now on, and resolves with what ends each when the server has taken them. Rejects with `permission_denied` where it does
 * not permit one of them: then none is heard.
 */
export async function hearAll(
  engine: Engine,
  subjects: readonly (readonly [subject: string, onMessage: (message: EngineMessage) => void])[],
): Promise<(() => void)[]> {
  const refused: string[] = []
  const ends = subjects.map(([subject, onMessage]) => engine.subscribe(subject, onMessage, () => refused.push(subject)))
  await engine.flush()
  const [first] = refused
  if (first === undefined) return ends
  for (const end of ends) end()
  const problem = `the engine does not permit this peer to hear ${first}: permit it to its user`
  throw refuse(
    'permission_denied',
    `${problem}; \`netgen doctor --group name --permissions\` prints all that a group needs`,
  )
}
