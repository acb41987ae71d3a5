import type { SharedLines } from '../../wire/shared-lines.js'

/** What a session hears from its link. */
export interface LinkListener {
  onFrame(frame: string): void
  /** Once; nothing follows. */
  onClose(closing: Closing): void
}

/** How a link has ended. */
export interface Closing {
  /** The code of the close frame; 1006 (RFC 6455, section 7.1.5) where none came. */
  readonly code: number
  readonly reason: string
  /** Who closed it. */
  readonly by: 'here' | 'there'
}

/** What carries the frames of a session: a WebSocket, or memory. Frames arrive whole and in order, or the link is closed. */
export interface Link {
  /** To be called once, before anything else. */
  listen(listener: LinkListener): void
  /** `onSent` is called once the frame, and all before it, has left. */
  send(frame: string, onSent?: () => void): void
  /** Sends lines as one frame, whose bytes other links send too. */
  sendShared(lines: SharedLines): void
  /** Lets nothing arrive for a while: what the other side sends waits there. */
  pause(): void
  resume(): void
  /** Ends the link in order: what was sent before still leaves. */
  close(code: CloseCode, reason: string): void
  /** Ends it at once. */
  terminate(): void
  /** Bytes that were sent and have not left yet. */
  readonly bufferedBytes: number
  /** Calls the listener once, when what was sent by now has left: never where the link is closing already, or ends before. */
  onceDrained(listener: () => void): void
}

/** Why a link is closed: codes of the range that RFC 6455, section 7.4.2, leaves to applications. */
export type CloseCode = 1000 | 4400 | 4408 | 4413

/** The session has ended in order. */
export const CLOSE_ENDED: CloseCode = 1000

/** The other side sent what no peer sends. */
export const CLOSE_PROTOCOL_ERROR: CloseCode = 4400

/** Nothing was heard for two heartbeats. */
export const CLOSE_SILENT: CloseCode = 4408

/** The other side reads too slowly. */
export const CLOSE_SLOW_CONSUMER: CloseCode = 4413
