import { type Answers, answerQuestions } from '../measure/child.js'
import { readSettledMemory } from '../measure/memory.js'
import { linkKinds } from './links.js'

const kind = linkKinds[process.argv[2] ?? '']
if (kind === undefined) throw new Error(`kind ${process.argv[2]} is unknown`)

let open = (): Promise<void> => Promise.reject(new Error('the client is not prepared'))

const answers = {
  startServer: () => kind.startServer(),
  prepareClient: async (address: string) => {
    open = await kind.prepareClient(address)
  },
  open: () => open(),
  memory: readSettledMemory,
} satisfies Answers

/** What may be asked of either process. */
export type LinksAnswers = typeof answers

answerQuestions(answers)
