import type { StoredEvent } from '../../../../runtime/api/durable-event.js'
import type {
  BuriedEvent,
  EventLog,
  LogDelivery,
  LogEntry,
  LogListener,
  LogReader,
  LogReaderKey,
  LogReaderOptions,
} from '../../../../runtime/transport/event-log.js'

/** A log whose deliveries a test makes, and which keeps what becomes of them. */
export class FakeLog implements EventLog {
  /** What was said, in its order: `finish 1`, `back 1 500`, `bury 1 reason`, `stop`, `close`, `forget name`. */
  readonly said: string[] = []
  readonly entries: LogEntry[] = []
  /** What the next burials reject with, one each. */
  readonly burialFailures: Error[] = []
  /** What opening a reader waits for. */
  opening: Promise<void> = Promise.resolve()
  listener: LogListener | undefined

  append(entry: LogEntry): Promise<StoredEvent> {
    this.entries.push(entry)
    return Promise.resolve({ id: entry.id ?? 'its own', sequence: this.entries.length, isDuplicate: false })
  }

  async read(_: LogReaderOptions, listener: LogListener): Promise<LogReader> {
    await this.opening
    this.listener = listener
    const say = (what: string) => async (): Promise<void> => void this.said.push(what)
    return { stop: say('stop'), close: say('close') }
  }

  async forget({ name }: LogReaderKey): Promise<boolean> {
    this.said.push(`forget ${name}`)
    return true
  }

  async bury({ delivery, reason }: BuriedEvent): Promise<void> {
    const failure = this.burialFailures.shift()
    if (failure !== undefined) throw failure
    this.said.push(`bury ${delivery.sequence} ${reason}`)
  }

  settle(): Promise<void> {
    return Promise.resolve()
  }

  /** Delivers an event to whoever reads. */
  deliver(sequence: number, deliveries = 1, json = `${sequence}`): void {
    const delivery: LogDelivery = {
      id: `id-${sequence}`,
      sequence,
      storedAtMs: 1_000,
      deliveries,
      publisherId: undefined,
      data: Buffer.from(json),
      finish: () => void this.said.push(`finish ${sequence}`),
      giveBack: (afterMs) => void this.said.push(`back ${sequence} ${afterMs}`),
    }
    this.listener?.onEvent(delivery)
  }
}
