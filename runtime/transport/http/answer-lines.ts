import type { ServerResponse } from 'node:http'
import { FrameWriter } from '../frame-writer.js'
import { limitUnread } from './limit-unread.js'

/** An answer that is written line by line. */
export interface AnswerLines {
  write(line: string): void
  /** Whether as much waits to leave as should. */
  readonly isFull: boolean
  /** Resolves when it has left, and when the client is gone. */
  whenDrained(): Promise<void>
  /** Writes the last line. */
  end(line: string): void
}

/** Begins an answer of lines (NDJSON). */
export function openLines(response: ServerResponse): AnswerLines {
  response.writeHead(200, {
    'content-type': 'application/x-ndjson',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  const writer = new FrameWriter((frame) => void response.write(frame))
  return {
    write: (line) => writer.write(line),
    get isFull() {
      return response.writableNeedDrain
    },
    whenDrained: () =>
      new Promise((resolve) => {
        const done = (): void => {
          response.off('drain', done).off('close', done)
          resolve()
        }
        response.on('drain', done).on('close', done)
      }),
    end: (line) => {
      writer.write(line)
      writer.flush()
      response.end()
      limitUnread(response)
    },
  }
}
