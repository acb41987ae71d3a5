import { answerQuestions } from '../measure/child.js'
import { services } from './services.js'

/** What a server's process is asked. */
export type ServerAnswers = typeof answers

const answers = {
  /** Starts the service of this name, and answers its address. */
  start: async (name: string): Promise<string> => {
    const server = await services[name]?.startServer()
    if (server === undefined) throw new Error(`there is no service ${name}`)
    return server.address
  },
}

answerQuestions(answers)
