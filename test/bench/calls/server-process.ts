import { type Answers, answerQuestions } from '../measure/child.js'
import { loadContestant } from './contestants.js'

const contestant = await loadContestant(process.argv[2])
const server = await contestant.startServer()

const answers = {
  describe: () => ({ address: server.address, wire: contestant.wire, checks: contestant.checks }),
  /** What serving has used of a processor until now, in microseconds. */
  usage: () => {
    const { user, system } = process.cpuUsage()
    return { ownMicros: user + system, brokerMicros: server.readBrokerMicros?.() ?? 0 }
  },
  close: async () => {
    await server.close?.()
  },
} satisfies Answers

/** What may be asked of the server's process. */
export type ServerAnswers = typeof answers

answerQuestions(answers)
