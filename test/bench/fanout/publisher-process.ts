import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Answers, answerQuestions } from '../measure/child.js'
import { loadContestant } from './contestants.js'
import { createNews, type Size } from './payloads.js'

const { wire, checks, subscribers = 100, startPublisher } = await loadContestant(process.argv[2])
const publisher = await startPublisher()
let seq = 0

/** What to publish: so many events, so many of them at a time. */
export interface Volley {
  readonly size: Size
  readonly events: number
  readonly burst: number
}

const answers = {
  describe: () => ({ address: publisher.address, wire, checks, subscribers }),
  /** Answers when the first event was published, in milliseconds since 1970. */
  publish: async ({ size, events, burst }: Volley): Promise<number> => {
    const startedAtMs = performance.timeOrigin + performance.now()
    for (let index = 1; index <= events; index++) {
      publisher.publish(createNews(seq++, size))
      if (index % burst === 0) await nextTurn()
    }
    return startedAtMs
  },
  /** What publishing has used of a processor until now, in microseconds. */
  usage: () => {
    const { user, system } = process.cpuUsage()
    return { ownMicros: user + system, brokerMicros: publisher.readBrokerMicros?.() ?? 0 }
  },
  close: async () => {
    await publisher.close?.()
  },
} satisfies Answers

/** What may be asked of the publisher's process. */
export type PublisherAnswers = typeof answers

answerQuestions(answers)
