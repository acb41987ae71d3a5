import type { Answer, InterceptedCall, Next } from '../api/interceptor.js'
import { type Failure, watchItems } from './watch-items.js'

/** How a call ended. */
export interface CallEnd {
  /** What it failed with; undefined where it succeeded, or where its reader has left. */
  readonly failure: Failure | undefined
  /** How many items the caller has sent; undefined where the input is no stream. */
  readonly inputItems: number | undefined
  /** How many items the callee has answered; undefined where the output is no stream. */
  readonly outputItems: number | undefined
}

/** What is done around a call, however long its streams last. */
export interface CallWatch {
  /** Called once: when the output is there, and where that is a stream, when it has ended. */
  readonly onEnd: (end: CallEnd) => void
  /** Runs what is further in, and each step of its output. Default: as it is. */
  readonly within?: <Result>(run: () => Result) => Result
}

/** Runs a call from inside an interceptor, and tells how it ended. Answers and throws what `next` does. */
export async function watchCall(
  call: InterceptedCall,
  next: Next,
  { onEnd, within = runAsItIs }: CallWatch,
): Promise<Answer> {
  const { input, output } = call.connection
  let inputItems = input === 'stream' ? 0 : undefined
  let outputItems = output === 'stream' ? 0 : undefined
  const end = (failure?: Failure): void => onEnd({ failure, inputItems, outputItems })
  const countInput = (): void => {
    if (inputItems !== undefined) inputItems++
  }
  const countOutput = (): void => {
    if (outputItems !== undefined) outputItems++
  }
  const run = (): Promise<Answer> => (input === 'stream' ? next({ input: countItems(call.input, countInput) }) : next())
  let answer: Answer
  try {
    answer = await within(run)
  } catch (thrown) {
    end({ thrown })
    throw thrown
  }
  // What is no stream though it should be is refused further out.
  if (output === 'stream' && isItems(answer)) return watchItems(answer, { onItem: countOutput, onEnd: end, within })
  end()
  return answer
}

/** The input's end is the call's, which is told of anyway. */
function countItems(items: unknown, onItem: () => void): unknown {
  return isItems(items) ? watchItems(items, { onItem, onEnd() {} }) : items
}

function isItems(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function runAsItIs<Result>(run: () => Result): Result {
  return run()
}
