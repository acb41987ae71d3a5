import { type Answers, answerQuestions } from '../measure/child.js'
import { loadContestant } from './contestants.js'
import type { News } from './payloads.js'

const contestant = await loadContestant(process.argv[2])
let expected = 0
let got = 0
let onAll = (): void => {}
let arrived: Promise<number> = Promise.resolve(0)

/** How long the last of the events may take, in milliseconds. */
const LIMIT_MS = 30_000

function take({ status }: News): void {
  if (status !== 'shipped') throw new Error(`an event arrived broken: ${status}`)
  if (++got === expected) onAll()
}

const answers = {
  subscribe: ({ address, count }: { address: string; count: number }) => contestant.subscribe(address, count, take),
  /** So many events will come. */
  expect: (count: number) => {
    got = 0
    expected = count
    arrived = new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error(`${got} of ${count} events have arrived in ${LIMIT_MS} ms`))
      const timer = setTimeout(fail, LIMIT_MS)
      onAll = () => {
        clearTimeout(timer)
        resolve(performance.timeOrigin + performance.now())
      }
    })
  },
  /** Answers when the last of them has arrived, in milliseconds since 1970. */
  arrived: () => arrived,
  usage: () => {
    const { user, system } = process.cpuUsage()
    return user + system
  },
} satisfies Answers

/** What may be asked of the subscribers' process. */
export type SubscribersAnswers = typeof answers

answerQuestions(answers)
